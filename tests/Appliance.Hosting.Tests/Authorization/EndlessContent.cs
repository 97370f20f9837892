using System.Net;
using System.Net.Http.Headers;

namespace Appliance.Hosting.Tests.Authorization;

/// <summary>A request body that begins and never ends.</summary>
internal sealed class EndlessContent : HttpContent
{
    public EndlessContent() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(new byte[] { 0, 0, 0, 1, 0 }, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
