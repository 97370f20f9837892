using System.Security.Cryptography;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Images;

/// <summary>An image on its way in: a file that is deleted again unless its digest comes and is right.</summary>
internal sealed class ImageUpload : IAsyncDisposable
{
    /// <summary>As the contract has it (gNOI).</summary>
    public const int LargestChunk = 64 * 1024;

    // No module that the board can write has more flash than 64 GiB; a file that grows beyond it is no image.
    private const long LargestImage = 64L << 30;
    private const long SpaceCheckBytes = 64L << 20;

    private readonly ImageLibrary _library;
    private readonly ImageHeader _header;
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly FileStream _file;
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _head = new byte[ImageFormats.HeadBytes];
    private long _length;
    private ImageFormat? _format;

    public ImageUpload(ImageLibrary library, ImageHeader header, string path, TimeProvider clock)
    {
        (_library, _header, _path, _clock) = (library, header, path, clock);
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            BufferSize = 1 << 17,
        });
    }

    public async Task AppendAsync(ReadOnlyMemory<byte> chunk, CancellationToken token)
    {
        if (chunk.Length > LargestChunk)
        {
            throw new InvalidInputException("chunk", $"has {chunk.Length} bytes, a chunk has at most {LargestChunk}");
        }

        if (_header.StoredBytes != 0 && (ulong)(_length + chunk.Length) > _header.StoredBytes)
        {
            throw new InvalidInputException("header.stored_size_bytes", $"is {_header.StoredBytes}, and more came; nothing was kept: send the file again");
        }

        if (_length / SpaceCheckBytes != (_length + chunk.Length) / SpaceCheckBytes)
        {
            _library.CheckSpace(SpaceCheckBytes);
        }

        TakeHead(chunk.Span);
        _digest.AppendData(chunk.Span);
        _length += chunk.Length;
        await _file.WriteAsync(chunk, token);
    }

    /// <summary>Keeps the image, or throws why not; then nothing of it is left.</summary>
    public async Task<Image> FinishAsync(ReadOnlyMemory<byte> digest, CancellationToken token)
    {
        var seen = _digest.GetHashAndReset();
        if (!digest.Span.SequenceEqual(seen))
        {
            throw new InvalidInputException(
                "sha256",
                $"is {Convert.ToHexStringLower(digest.Span)}, the {_length} bytes that came have {Convert.ToHexStringLower(seen)}; nothing was kept: send the file again");
        }

        if (_length == 0 || (_header.StoredBytes != 0 && (ulong)_length != _header.StoredBytes))
        {
            throw new InvalidInputException("header.stored_size_bytes", $"is {_header.StoredBytes}, {_length} bytes came; nothing was kept: send the file again");
        }

        var format = _format ?? ImageFormats.Read(_head.AsSpan(0, (int)Math.Min(_length, _head.Length)), _header.FileName);
        await _file.FlushAsync(token);
        _file.Flush(flushToDisk: true);
        var (bytes, raw) = format == ImageFormat.Raw ? (_length, seen) : await MeasureAsync(format, token);
        if (_header.Bytes != 0 && (ulong)bytes != _header.Bytes)
        {
            throw new InvalidInputException("header.size_bytes", $"is {_header.Bytes}, the image has {bytes}; nothing was kept");
        }

        var sha256 = Convert.ToHexStringLower(seen);
        return _library.Keep(_path, new Image(
            ImageLibrary.IdOf(sha256), _header.Version, _header.Module, _header.FileName, format, _length, sha256, bytes, Convert.ToHexStringLower(raw), _clock.GetUtcNow()));
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _digest.Dispose();
        File.Delete(_path);
        _library.End();
    }

    private void TakeHead(ReadOnlySpan<byte> chunk)
    {
        if (_length >= _head.Length)
        {
            return;
        }

        var taken = (int)Math.Min(_head.Length - _length, chunk.Length);
        chunk[..taken].CopyTo(_head.AsSpan((int)_length));

        // Told before a gigabyte has come that is not wanted.
        if (_length + taken == _head.Length)
        {
            _format = ImageFormats.Read(_head, _header.FileName);
        }
    }

    /// <summary>Length and digest of what the file holds; a compressed file says neither for sure.</summary>
    private async Task<(long Bytes, byte[] Digest)> MeasureAsync(ImageFormat format, CancellationToken token)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stored = File.OpenRead(_path);
        var buffer = new byte[1 << 17];
        var bytes = 0L;
        try
        {
            await using var raw = ImageFormats.Decode(stored, format);
            while (await raw.ReadAsync(buffer, token) is > 0 and var count)
            {
                digest.AppendData(buffer, 0, count);
                bytes += count;
                if (bytes > LargestImage)
                {
                    throw new InvalidInputException("chunk", $"'{_header.FileName}' holds more than {LargestImage >> 30} GiB, no module that can be flashed has as much; nothing was kept");
                }
            }

            if (bytes == 0 || stored.Position != stored.Length)
            {
                throw new InvalidDataException($"it ends after {stored.Position} of {stored.Length} bytes");
            }
        }
        catch (Exception error) when (error is not (OperationCanceledException or InvalidInputException))
        {
            throw new InvalidInputException("chunk", $"'{_header.FileName}' cannot be decompressed: {error.Message.TrimEnd('.')}; nothing was kept: compress it again");
        }

        return (bytes, digest.GetHashAndReset());
    }
}
