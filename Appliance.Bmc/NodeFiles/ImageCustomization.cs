using System.Security.Cryptography;
using Appliance.Bmc.Images;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using ZstdSharp;

namespace Appliance.Bmc.NodeFiles;

/// <summary>Writes a copy of an image file with a node file in it, for modules that are written without a board.</summary>
internal static class ImageCustomization
{
    // As the image itself is packed: its root is compressed already, and higher levels take minutes for 1 %.
    private const int Level = 9;
    private const int ChunkBytes = 1 << 17;

    /// <summary>Opens an image file as what is written to a slot; throws what keeps it from being one.</summary>
    public static async Task<Stream> OpenAsync(string path, IProgress<(long Read, long Length)> progress, CancellationToken token)
    {
        var file = new FileStream(path, new FileStreamOptions { BufferSize = ChunkBytes, Options = FileOptions.SequentialScan });
        try
        {
            var head = new byte[ImageFormats.HeadBytes];
            var length = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, token);
            var format = ImageFormats.Read(head.AsSpan(0, length), Path.GetFileName(path));
            file.Position = 0;
            return ImageFormats.Decode(new CountedStream(file, progress), format);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>The SHA-256 of the new file in lower-case hex. It holds the node's secret, so it is its owner's alone; nothing is left of it when it fails.</summary>
    public static async Task<string> WriteAsync(Stream raw, NodeFileContent file, string output, CancellationToken token)
    {
        var part = output + DurableFile.PartEnding;
        try
        {
            await using var image = await NodeFileOverlay.OpenAsync(raw, file, token);
            File.Delete(part);
            PrivateFiles.WriteSecret(part, "");
            await using (var written = new FileStream(part, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, BufferSize = ChunkBytes }))
            {
                await CopyAsync(image, written, output.EndsWith(".zst", StringComparison.Ordinal), token);
                written.Flush(flushToDisk: true);
            }

            File.Move(part, output, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }

        await using var read = File.OpenRead(output);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(read, token));
    }

    private static async Task CopyAsync(NodeFileOverlay image, FileStream written, bool isPacked, CancellationToken token)
    {
        if (!isPacked)
        {
            await image.CopyToAsync(written, ChunkBytes, token);
            return;
        }

        await using var packed = new CompressionStream(written, Level, leaveOpen: true);
        await image.CopyToAsync(packed, ChunkBytes, token);
    }

    /// <summary>What a decoder throws has many types; as one that a command tells.</summary>
    public static bool IsDecoding(Exception error) => error is not (ApplianceException or OperationCanceledException or IOException or UnauthorizedAccessException);

    /// <summary>Tells how much of a file was read.</summary>
    private sealed class CountedStream(FileStream file, IProgress<(long Read, long Length)> progress) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => file.Length;

        public override long Position
        {
            get => file.Position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Told(file.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Told(file.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Told(await file.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Told(int count)
        {
            progress.Report((file.Position, file.Length));
            return count;
        }
    }
}
