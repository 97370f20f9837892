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
        response.AppendTrailer("grpc-status", status.Code.ToString(CultureInfo.InvariantCulture));
        // Percent-encoded, as PROTOCOL-HTTP2.md of gRPC asks for.
        response.AppendTrailer("grpc-message", Uri.EscapeDataString(status.Message));
        response.AppendTrailer("grpc-status-details-bin", Convert.ToBase64String(status.ToByteArray()));
        return response.CompleteAsync();
    }
}
