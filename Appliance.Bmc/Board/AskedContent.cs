using System.Net;

namespace Appliance.Bmc.Board;

/// <summary>A body that knows whether it was sent: before, the board has been asked nothing and has done and counted nothing.</summary>
internal sealed class AskedContent(byte[] body) : ByteArrayContent(body)
{
    private volatile bool _isSent;

    public bool IsSent => _isSent;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _isSent = true;
        return base.SerializeToStreamAsync(stream, context);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _isSent = true;
        return base.SerializeToStreamAsync(stream, context, cancellationToken);
    }
}
