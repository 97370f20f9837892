using Google.Rpc;
using Grpc.Core;

namespace Appliance.Hosting.Tests;

/// <summary>Reads what a failed call says beside its code.</summary>
internal static class RpcErrors
{
    public static ErrorInfo? Info(this RpcException error) => error.GetRpcStatus()?.GetDetail<ErrorInfo>();

    public static string? Reason(this RpcException error) => error.Info() is { Domain: "appliance" } info ? info.Reason : null;
}
