using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Protos.Node.V1;
using Grpc.Core;

namespace Appliance.Hosting.Power;

/// <summary>The calls of NodeService that stop the role or its machine.</summary>
internal sealed class PowerWire(RoleRestart restart, IMachinePower machine)
{
    public Task<RestartRoleResponse> RestartRole(RestartRoleRequest request, ServerCallContext context)
    {
        RequireReason(request.Reason);
        restart.Begin(context.Caller().ToString());
        return Task.FromResult(new RestartRoleResponse());
    }

    public async Task<RebootNodeResponse> RebootNode(RebootNodeRequest request, ServerCallContext context)
    {
        RequireReason(request.Reason);
        await machine.RebootAsync(context.CancellationToken);
        return new RebootNodeResponse();
    }

    public async Task<ShutdownNodeResponse> ShutdownNode(ShutdownNodeRequest request, ServerCallContext context)
    {
        RequireReason(request.Reason);
        await machine.ShutdownAsync(context.CancellationToken);
        return new ShutdownNodeResponse();
    }

    private static void RequireReason(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new InvalidInputException("reason", "is empty; say why, for the audit log");
        }
    }
}
