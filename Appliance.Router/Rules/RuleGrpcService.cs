using Appliance.Hosting.Authorization;
using Appliance.Protos.Rules.V1;
using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Feeds;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Rules;

/// <summary>RuleService: the rules in force, blocks, and what is never blocked.</summary>
internal sealed partial class RuleGrpcService(RuleBook rules, Candidate candidate, RulesetStore rulesets, FeedStore feeds, IOptions<BlockOptions> options) : RuleService.RuleServiceBase
{
    public override Task<ListBlocksResponse> ListBlocks(ListBlocksRequest request, ServerCallContext context)
    {
        var page = Page<Block>.Cut(rules.Blocks.All, block => block.Id, request.PageSize, request.PageToken);
        return Task.FromResult(new ListBlocksResponse { Blocks = { page.Items.Select(ToWire) }, NextPageToken = page.NextToken });
    }

    public override async Task<CreateBlockResponse> CreateBlock(CreateBlockRequest request, ServerCallContext context)
    {
        var asked = RuleWire.ToRequest(request, context.Caller().ToString(), options.Value.DefaultDuration);
        var block = await rules.Blocks.CreateAsync(asked, context.CancellationToken);
        return new CreateBlockResponse { Block = ToWire(block) };
    }

    public override async Task<DeleteBlockResponse> DeleteBlock(DeleteBlockRequest request, ServerCallContext context)
    {
        await rules.Blocks.DeleteAsync(request.BlockId, context.CancellationToken);
        return new DeleteBlockResponse();
    }

    public override Task<ListProtectedAddressesResponse> ListProtectedAddresses(ListProtectedAddressesRequest request, ServerCallContext context)
    {
        var page = Page<ProtectedAddress>.Cut(rules.Protected.All, address => address.Id, request.PageSize, request.PageToken);
        return Task.FromResult(new ListProtectedAddressesResponse { ProtectedAddresses = { page.Items.Select(RuleWire.ToWire) }, NextPageToken = page.NextToken });
    }

    public override async Task<CreateProtectedAddressResponse> CreateProtectedAddress(CreateProtectedAddressRequest request, ServerCallContext context)
    {
        var made = rules.Protected.Create(RuleWire.ToRange(request.Network), request.Reason);
        await rules.Blocks.ReconcileAsync(context.CancellationToken);
        await feeds.CheckAsync(context.CancellationToken);
        return new CreateProtectedAddressResponse { ProtectedAddress = RuleWire.ToWire(made) };
    }

    public override async Task<DeleteProtectedAddressResponse> DeleteProtectedAddress(DeleteProtectedAddressRequest request, ServerCallContext context)
    {
        rules.Protected.Delete(request.ProtectedAddressId);
        await rules.Blocks.ReconcileAsync(context.CancellationToken);
        await feeds.CheckAsync(context.CancellationToken);
        return new DeleteProtectedAddressResponse();
    }

    private WatchRulesResponse ToWire(BlockChange change) => change.EndCause is null
        ? new WatchRulesResponse { Block = ToWire(change.Block) }
        : new WatchRulesResponse { DeletedBlockId = change.Block.Id };

    private Protos.Rules.V1.Block ToWire(Block block) => RuleWire.ToWire(block, rules.Enforcer.Holds(block));
}
