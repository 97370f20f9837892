using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>
/// One file as multipart/form-data (RFC 7578), read from a stream while it is sent: the board takes only as fast as the
/// module writes, and that holds the reading back too. The length is told before, so it is not sent in HTTP chunks.
/// </summary>
internal sealed class UploadContent : HttpContent
{
    private const int ChunkBytes = 64 * 1024;

    private readonly BoardUpload _upload;
    private readonly Action _moved;
    private readonly byte[] _head;
    private readonly byte[] _tail;
    private long _sent;

    /// <summary>Tells at each chunk that it has moved on.</summary>
    public UploadContent(BoardUpload upload, Action moved)
    {
        _upload = upload;
        _moved = moved;
        var boundary = $"appliance-{Guid.NewGuid():N}";

        // Name and type as the maker's own tool sends them; the daemon looks at neither.
        _head = Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"image.img\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        _tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={boundary}");
    }

    /// <summary>Bytes of the file that have left.</summary>
    public long Sent => Volatile.Read(ref _sent);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_head, cancellationToken);
        var buffer = new byte[ChunkBytes];
        while (await ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            _upload.Sent.Report(Interlocked.Add(ref _sent, count));
            _moved();
        }

        await stream.WriteAsync(_tail, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _head.Length + _upload.Order.Length + _tail.Length;
        return true;
    }

    /// <summary>The next bytes; fewer or more than were announced end the upload before its last byte, so the board gives it up.</summary>
    private async Task<int> ReadAsync(byte[] buffer, CancellationToken token)
    {
        int count;
        try
        {
            count = await _upload.Content.ReadAsync(buffer, token);
        }
        catch (IOException error)
        {
            // Else it would pass for a failure of the connection.
            throw new BusyException("IMAGE_UNREADABLE", $"The image cannot be read on: {error.Message}");
        }

        var left = _upload.Order.Length - Sent;
        return count > left || (count == 0 && left > 0)
            ? throw new BusyException("IMAGE_CHANGED", $"The image has {(count > left ? "more" : "fewer")} bytes than the {_upload.Order.Length} that the board was told.")
            : count;
    }
}
