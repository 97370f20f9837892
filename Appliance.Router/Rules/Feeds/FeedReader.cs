using System.Buffers;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Cuts a feed into lines as it comes in, with one line of memory and no more.</summary>
internal sealed class FeedReader(FeedFormat format, FeedOptions limits)
{
    // The longest line of the formats is below 200 bytes; names of one hosts line take more, seldom a thousand.
    public const int MaxLineBytes = 4096;

    private const int ChunkBytes = 32 * 1024;

    private readonly FeedCollector _collector = new(format, limits);
    private readonly byte[] _begun = new byte[MaxLineBytes];
    private int _begunLength;
    private bool _isTooLong;
    private bool _isFirst = true;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a stream to its end, or to one byte more than a feed may have.</summary>
    public static async Task<FeedReading> ReadAsync(Stream stream, FeedFormat format, FeedOptions limits, CancellationToken cancellationToken)
    {
        var reader = new FeedReader(format, limits);
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long total = 0;
            int read;
            while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
            {
                total += read;
                if (total > limits.MaxBytes)
                {
                    return reader.End(isCut: true);
                }

                reader.Take(chunk.AsSpan(0, read));
            }

            return reader.End(isCut: false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    public void Take(ReadOnlySpan<byte> chunk)
    {
        while (true)
        {
            var end = chunk.IndexOf((byte)'\n');
            if (end < 0)
            {
                Keep(chunk);
                return;
            }

            EndLine(chunk[..end]);
            chunk = chunk[(end + 1)..];
        }
    }

    public FeedReading End(bool isCut)
    {
        EndLine([]);
        return _collector.Finish(isCut);
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_isTooLong || part.Length > MaxLineBytes - _begunLength)
        {
            _isTooLong = true;
            return;
        }

        part.CopyTo(_begun.AsSpan(_begunLength));
        _begunLength += part.Length;
    }

    private void EndLine(ReadOnlySpan<byte> rest)
    {
        if (_begunLength > 0)
        {
            Keep(rest);
            rest = _begun.AsSpan(0, _begunLength);
        }

        if (_isTooLong || rest.Length > MaxLineBytes)
        {
            _collector.Reject();
        }
        else
        {
            _collector.Add(_isFirst && rest.StartsWith(ByteOrderMark) ? rest[ByteOrderMark.Length..] : rest);
        }

        (_begunLength, _isTooLong, _isFirst) = (0, false, false);
    }
}
