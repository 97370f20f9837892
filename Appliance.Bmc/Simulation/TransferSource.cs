using System.Security.Cryptography;
using SharpCompress.Compressors.Xz;

namespace Appliance.Bmc.Simulation;

/// <summary>The bytes of a transfer: counted and digested as they come in, and decoded where the file's name says so.</summary>
internal sealed class TransferSource : IAsyncDisposable
{
    // How liblzma words what it cannot decode; its other faults differ in nothing that a client could use.
    private const string Damaged = "lzma data error";

    private readonly Transfer _transfer;
    private readonly ReceivedStream _received;
    private readonly Stream _decoded;

    /// <summary>
    /// Unlike liblzma the decoder does not compare the check at the end of each block (.xz file format 1.2, section 3.4): damage that
    /// still decodes is found by the digest alone.
    /// </summary>
    public TransferSource(Transfer transfer)
    {
        _transfer = transfer;
        _received = new ReceivedStream(Open(transfer), transfer.Stopped);
        _decoded = transfer.Request.IsXz ? new XZStream(_received) : _received;
    }

    /// <summary>Bytes as received.</summary>
    public long Length => _received.Count;

    /// <summary>Their SHA-256.</summary>
    public byte[] Digest() => _received.Digest();

    /// <summary>The next bytes for the module, 0 at the end; a file that cannot be decoded is a <see cref="TransferFault"/>.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        if (!_transfer.Request.IsXz)
        {
            return await _received.ReadAsync(buffer, _transfer.Stopped);
        }

        try
        {
            var count = await _decoded.ReadAsync(buffer, _transfer.Stopped);
            if (count == 0)
            {
                // What follows the first stream of the file is received, and written nowhere.
                await _received.CopyToAsync(Stream.Null, _transfer.Stopped);
            }

            return count;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The decoder is fed by anybody and fails in many ways, not all of them meant. Stopped, it was its source that failed it.
            _transfer.Stopped.ThrowIfCancellationRequested();
            throw new TransferFault(Damaged);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _decoded.DisposeAsync();
        await _received.DisposeAsync();
    }

    private static Stream Open(Transfer transfer)
    {
        if (transfer.Request.LocalFile is not { } path)
        {
            return transfer.Pipe.Reader.AsStream(leaveOpen: true);
        }

        try
        {
            return File.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TransferFault(error.Message);
        }
    }

    /// <summary>Stands before the decoder.</summary>
    private sealed class ReceivedStream(Stream source, CancellationToken stopped) : Stream
    {
        private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Count;
            set => throw new NotSupportedException();
        }

        public byte[] Digest() => _digest.GetCurrentHash();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await source.ReadAsync(buffer, stopped);
            return Note(buffer.Span, count);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count)
        {
            stopped.ThrowIfCancellationRequested();
            return Note(buffer.AsSpan(offset), source.Read(buffer, offset, count));
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                source.Dispose();
                _digest.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Note(Span<byte> buffer, int count)
        {
            _digest.AppendData(buffer[..count]);
            Count += count;
            return count;
        }
    }
}
