using Appliance.Hosting.Errors;

namespace Appliance.Bmc.NodeFiles;

/// <summary>A raw image as it is read, with a node file in the place that the image keeps for one.</summary>
internal sealed class NodeFileOverlay : Stream
{
    // Table, boot configuration's own table and root stand in front of all data.
    private const int MostHead = 16 << 20;
    private const int FirstHead = 1 << 16;

    private readonly Stream _image;
    private readonly ReadOnlyMemory<byte> _head;
    private readonly ReadOnlyMemory<byte> _content;
    private readonly ByteRange _place;
    private long _position;

    private NodeFileOverlay(Stream image, ReadOnlyMemory<byte> head, ByteRange place, ReadOnlyMemory<byte> content) =>
        (_image, _head, _place, _content) = (image, head, place, content);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Finds the place, and throws why there is none; the image is disposed of with this, or at once then.</summary>
    public static async Task<NodeFileOverlay> OpenAsync(Stream image, NodeFileContent file, CancellationToken token)
    {
        try
        {
            var (head, place) = await FindAsync(image, token);
            return new NodeFileOverlay(image, head, place, file.Padded());
        }
        catch
        {
            await image.DisposeAsync();
            throw;
        }
    }

    /// <summary>The place, and what had to be read to find it.</summary>
    public static async Task<(ReadOnlyMemory<byte> Head, ByteRange Place)> FindAsync(Stream image, CancellationToken token)
    {
        var head = new byte[FirstHead];
        var length = 0;
        while (true)
        {
            length += await image.ReadAtLeastAsync(head.AsMemory(length), head.Length - length, throwOnEndOfStream: false, token);
            var look = NodeFilePlace.Find(head.AsSpan(0, length));
            if (look.Value is { } place)
            {
                return (head.AsMemory(0, length), place);
            }

            if (look.Needed == 0)
            {
                throw Refused(look.Fault);
            }

            if (length < head.Length)
            {
                throw Refused($"it ends after {length} bytes");
            }

            if (look.Needed > MostHead)
            {
                throw Refused($"its boot configuration does not stand in its first {MostHead >> 20} MiB");
            }

            Array.Resize(ref head, (int)Math.Max(look.Needed, Math.Min(2L * head.Length, MostHead)));
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = FromHead(buffer);
        count = count > 0 || buffer.Length == 0 ? count : _image.Read(buffer);
        Lay(buffer[..count], isEnd: count == 0 && buffer.Length > 0);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = FromHead(buffer.Span);
        count = count > 0 || buffer.Length == 0 ? count : await _image.ReadAsync(buffer, cancellationToken);
        Lay(buffer.Span[..count], isEnd: count == 0 && buffer.Length > 0);
        return count;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _image.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _image.Dispose();
        }

        base.Dispose(disposing);
    }

    private static BusyException Refused(string fault) =>
        new("IMAGE_TAKES_NO_NODE_FILE", $"The image takes no node file: {fault}. Take an image of the appliance, or leave the node file away.");

    private int FromHead(Span<byte> buffer)
    {
        if (_position >= _head.Length)
        {
            return 0;
        }

        var rest = _head.Span[(int)_position..];
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    /// <summary>Lays over these bytes of the image what of the node file belongs there.</summary>
    private void Lay(Span<byte> bytes, bool isEnd)
    {
        var (start, end) = (_position, _position + bytes.Length);
        var (from, to) = (Math.Max(start, _place.Start), Math.Min(end, _place.End));
        if (from < to)
        {
            _content.Span[(int)(from - _place.Start)..(int)(to - _place.Start)].CopyTo(bytes[(int)(from - start)..]);
        }

        if (isEnd && _position < _place.End)
        {
            throw Refused($"it ends after {_position} bytes, before the node file's place");
        }

        _position = end;
    }
}
