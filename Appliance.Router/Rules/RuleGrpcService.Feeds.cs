using Appliance.Hosting.Authorization;
using Appliance.Protos.Rules.V1;
using Appliance.Router.Rules.Feeds;
using Grpc.Core;
using Feed = Appliance.Router.Rules.Feeds.Feed;

namespace Appliance.Router.Rules;

internal sealed partial class RuleGrpcService
{
    public override Task<ListFeedsResponse> ListFeeds(ListFeedsRequest request, ServerCallContext context)
    {
        var drops = feeds.ReadDrops();
        var page = Page<Feed>.Cut(feeds.All, feed => feed.Id, request.PageSize, request.PageToken);
        return Task.FromResult(new ListFeedsResponse { Feeds = { page.Items.Select(feed => FeedWire.ToWire(feed, drops)) }, NextPageToken = page.NextToken });
    }

    public override async Task<CreateFeedResponse> CreateFeed(CreateFeedRequest request, ServerCallContext context)
    {
        var feed = await feeds.CreateAsync(FeedWire.ToEdit(request), context.Caller().ToString(), request.RequestId, context.CancellationToken);
        return new CreateFeedResponse { Feed = FeedWire.ToWire(feed, feeds.ReadDrops()) };
    }

    public override async Task<UpdateFeedResponse> UpdateFeed(UpdateFeedRequest request, ServerCallContext context)
    {
        var feed = await feeds.UpdateAsync(FeedWire.ToEdit(request), context.CancellationToken);
        return new UpdateFeedResponse { Feed = FeedWire.ToWire(feed, feeds.ReadDrops()) };
    }

    public override async Task<DeleteFeedResponse> DeleteFeed(DeleteFeedRequest request, ServerCallContext context)
    {
        await feeds.DeleteAsync(request.FeedId, context.CancellationToken);
        return new DeleteFeedResponse();
    }
}
