using Appliance.Hosting.Configuration;
using Grpc.AspNetCore.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Errors;

internal static class GrpcExtensions
{
    /// <summary>gRPC with the one error map and the configured bounds.</summary>
    public static IServiceCollection AddGrpcWithErrors(this IServiceCollection services)
    {
        services.AddGrpc(options => options.Interceptors.Add<ErrorInterceptor>());
        services.AddGrpcReflection();
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<NodeOptions>>((grpc, node) =>
        {
            grpc.MaxReceiveMessageSize = node.Value.MaxMessageBytes;
            grpc.MaxSendMessageSize = node.Value.MaxMessageBytes;
        });
        return services;
    }
}
