using System.Globalization;
using Google.Protobuf;
using Google.Rpc;
using Microsoft.AspNetCore.Http;
using HttpResponse = Microsoft.AspNetCore.Http.HttpResponse;

namespace Appliance.Hosting.Authorization;

/// <summary>Answers a gRPC call with a status and nothing else, without its body having been read.</summary>
internal static class TrailersOnly
{
    public static Task WriteAsync(HttpResponse response, Status status)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        // In the headers, which PROTOCOL-HTTP2.md calls Trailers-Only: a client may retry such an answer, one with trailers it may not.
        response.Headers.Append("grpc-status", status.Code.ToString(CultureInfo.InvariantCulture));
        // Percent-encoded, as the same document asks for.
        response.Headers.Append("grpc-message", Uri.EscapeDataString(status.Message));
        response.Headers.Append("grpc-status-details-bin", Convert.ToBase64String(status.ToByteArray()));
        return response.CompleteAsync();
    }
}
