using System.Security.Cryptography;
using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>A bundle on its way in: a file that is deleted again, whatever becomes of it.</summary>
internal sealed class UpdateUpload : IAsyncDisposable
{
    /// <summary>As the contract has it.</summary>
    public const int LargestChunk = 64 * 1024;

    private const long SpaceCheckBytes = 8L << 20;

    private readonly UpdateSpool _spool;
    private readonly UpdateHeader _header;
    private readonly FileStream _file;
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    public UpdateUpload(UpdateSpool spool, UpdateHeader header, string path)
    {
        (_spool, _header, Path) = (spool, header, path);
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 1 << 17,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }

    public string Path { get; }

    public async Task AppendAsync(ReadOnlyMemory<byte> chunk, CancellationToken token)
    {
        if (chunk.Length > LargestChunk)
        {
            throw new InvalidInputException("chunk", $"has {chunk.Length} bytes, a chunk has at most {LargestChunk}");
        }

        if (_length + chunk.Length > _spool.MaxBytes)
        {
            throw new LimitExceededException(
                "BUNDLE_TOO_LARGE", $"The bundle has more than {_spool.MaxBytes >> 20} MiB, which is what Node:Updates:MaxBundleBytes allows; nothing was kept.");
        }

        if (_length / SpaceCheckBytes != (_length + chunk.Length) / SpaceCheckBytes)
        {
            _spool.CheckSpace(SpaceCheckBytes);
        }

        _digest.AppendData(chunk.Span);
        _length += chunk.Length;
        await _file.WriteAsync(chunk, token);
    }

    /// <summary>The digest of the whole file, which is on the disk then; throws when it is another than was sent.</summary>
    public async Task<byte[]> FinishAsync(ReadOnlyMemory<byte> digest, CancellationToken token)
    {
        var seen = _digest.GetHashAndReset();
        if (!digest.Span.SequenceEqual(seen))
        {
            throw new InvalidInputException(
                "sha256", $"is {Convert.ToHexStringLower(digest.Span)}, the {_length} bytes that came have {Convert.ToHexStringLower(seen)}; nothing was kept: send the bundle again");
        }

        if (_header.Sha256.Length > 0 && _header.Sha256 != Convert.ToHexStringLower(seen))
        {
            throw new InvalidInputException("header.sha256", $"is {_header.Sha256}, the bundle has {Convert.ToHexStringLower(seen)}; nothing was kept");
        }

        if (_length == 0)
        {
            throw new InvalidInputException("chunk", "is missing: the bundle has no bytes");
        }

        await _file.FlushAsync(token);
        await _file.DisposeAsync();
        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _digest.Dispose();
        File.Delete(Path);
    }
}
