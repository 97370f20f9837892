using System.Security.Cryptography;
using System.Text.Json;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Appliance.Commands;

/// <summary>Asks the roles of this machine for their health as any client does, with the node's own certificate.</summary>
/// <param name="roles">Which; asked each time, since a node file may come later.</param>
/// <param name="configuration">Where they answer.</param>
internal sealed class RoleHealth(Func<IReadOnlyList<Role>> roles, string configuration)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    /// <summary>True when all of them serve; false whatever the reason: no answer is none.</summary>
    public async Task<bool> IsServingAsync(CancellationToken token)
    {
        try
        {
            var node = ReadNode();
            foreach (var role in roles())
            {
                if (!await IsServingAsync(node, role, token))
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception failure) when (!token.IsCancellationRequested
            && failure is RpcException or IOException or UnauthorizedAccessException or CryptographicException or JsonException or ConfigurationFaultException or InvalidDataException)
        {
            return false;
        }
    }

    private static async Task<bool> IsServingAsync(NodeOptions node, Role role, CancellationToken token)
    {
        using var channel = PersonChannel.Open(Path.Combine(node.StateDirectory, role.Word(), "pki"), PkiFiles.Node, AddressOf(node, role), role);
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + AnswerTime;
        var answer = await new Health.HealthClient(channel.Calls).CheckAsync(new HealthCheckRequest(), deadline: deadline, cancellationToken: token);
        return answer.Status == ServingStatus.Serving;
    }

    private static Uri AddressOf(NodeOptions node, Role role)
    {
        var host = node.ListenAddress is "0.0.0.0" or "::" ? "localhost" : node.ListenAddress.Contains(':') ? $"[{node.ListenAddress}]" : node.ListenAddress;
        return new Uri($"https://{host}:{node.Ports.Of(role)}");
    }

    private NodeOptions ReadNode()
    {
        using var settings = new ConfigurationManager();
        settings.UseOnly(configuration);
        return settings.GetSection(NodeOptions.Section).Get<NodeOptions>() ?? new NodeOptions();
    }
}
