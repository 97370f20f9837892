using Appliance.Protos.Rules.V1;
using Grpc.Core;

namespace Appliance.Hosting.Tests.Audit;

/// <summary>Answers some changes and a reading.</summary>
internal sealed class ChangeRules(ChangeCalls calls) : RuleService.RuleServiceBase
{
    public override Task<ListBlocksResponse> ListBlocks(ListBlocksRequest request, ServerCallContext context) => Task.FromResult(new ListBlocksResponse());

    public override async Task<DeleteBlockResponse> DeleteBlock(DeleteBlockRequest request, ServerCallContext context)
    {
        await calls.OnChange(context);
        return new DeleteBlockResponse();
    }

    public override Task<CreateProtectedAddressResponse> CreateProtectedAddress(CreateProtectedAddressRequest request, ServerCallContext context) =>
        Task.FromResult(new CreateProtectedAddressResponse());
}
