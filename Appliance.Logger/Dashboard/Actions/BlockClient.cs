using System.Net;
using System.Net.NetworkInformation;
using Appliance.Hosting;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Clients;
using Appliance.Logger.Alerts;
using Appliance.Logger.Dashboard.Access;
using Appliance.Protos.Rules.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Appliance.Logger.Dashboard.Actions;

/// <summary>Blocks and unblocks at the router, with a person's right.</summary>
internal sealed class BlockClient(PeerChannels peers)
{
    private const string Router = "router";

    private readonly RuleService.RuleServiceClient _rules = new(peers.To(Role.Router));

    /// <summary>Blocks the source of an alert. The same request id never makes a second block.</summary>
    public Task<ActionOutcome> BlockAsync(PersonRight right, StoredAlert alert, TimeSpan duration, string requestId, CancellationToken token)
    {
        var request = new CreateBlockRequest
        {
            Action = Block.Types.Action.Drop,
            Duration = Duration.FromTimeSpan(duration),
            Reason = $"By hand, because of alert {alert.Id} ({alert.Category}).",
            RequestId = requestId,
        };
        return TryTarget(alert.Source, request)
            ? ActionCall.RunAsync(Router, $"{alert.Source} is blocked.", () => _rules.CreateBlockAsync(request, SessionMetadata.Of(right.Token), ActionCall.End, token).ResponseAsync)
            : Task.FromResult(new ActionOutcome(false, "This alert names no address that could be blocked."));
    }

    public Task<ActionOutcome> UnblockAsync(PersonRight right, string blockId, CancellationToken token) => ActionCall.RunAsync(
        Router,
        "The block is lifted.",
        () => _rules.DeleteBlockAsync(new DeleteBlockRequest { BlockId = blockId }, SessionMetadata.Of(right.Token), ActionCall.End, token).ResponseAsync);

    /// <summary>True for what <see cref="BlockAsync"/> can block.</summary>
    public static bool IsTarget(string source) => TryTarget(source, new CreateBlockRequest());

    private static bool TryTarget(string source, CreateBlockRequest request)
    {
        if (IPAddress.TryParse(source, out var address))
        {
            request.Address = ByteString.CopyFrom(address.GetAddressBytes());
            return true;
        }

        if (PhysicalAddress.TryParse(source, out var mac) && mac.GetAddressBytes() is { Length: 6 } bytes)
        {
            request.Mac = ByteString.CopyFrom(bytes);
            return true;
        }

        return false;
    }
}
