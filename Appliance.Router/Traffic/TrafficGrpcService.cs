using System.Globalization;
using Appliance.Hosting.Errors;
using Appliance.Protos.Traffic.V1;
using Grpc.Core;

namespace Appliance.Router.Traffic;

/// <summary>Tells what crosses the Router.</summary>
internal sealed class TrafficGrpcService(FlowReaders readers, FlowWire flows, TrafficSampler sampler, ConnectionList connections) : TrafficService.TrafficServiceBase
{
    private const int DefaultPage = 100;
    private const int MaxPage = 1000;

    public override Task<ListFlowsResponse> ListFlows(ListFlowsRequest request, ServerCallContext context)
    {
        var size = ReadSize(request.PageSize);
        var page = readers.List(ReadToken(request.PageToken), size);
        var response = new ListFlowsResponse { NextPageToken = page.Count < size ? "" : page[^1].Ordinal.ToString(CultureInfo.InvariantCulture) };
        response.Flows.AddRange(page.Select(listed => flows.ToMessage(listed.Flow)));
        return Task.FromResult(response);
    }

    public override async Task WatchFlows(WatchFlowsRequest request, IServerStreamWriter<WatchFlowsResponse> responseStream, ServerCallContext context)
    {
        var reader = readers.Open(request.Cursor?.Epoch, request.Cursor?.Sequence ?? 0);
        while (true)
        {
            var batch = await reader.ReadAsync(context.CancellationToken);
            readers.Missed(batch.MissedCount);
            await readers.AwaitTakingAsync(responseStream.WriteAsync(flows.ToMessage(batch, readers.Epoch), context.CancellationToken), context.CancellationToken);
        }
    }

    public override Task<GetTrafficSummaryResponse> GetTrafficSummary(GetTrafficSummaryRequest request, ServerCallContext context) =>
        Task.FromResult(new GetTrafficSummaryResponse { Summary = TrafficWire.ToMessage(sampler.Current) });

    public override async Task WatchTraffic(WatchTrafficRequest request, IServerStreamWriter<WatchTrafficResponse> responseStream, ServerCallContext context)
    {
        await foreach (var sample in sampler.WatchAsync(context.CancellationToken))
        {
            await readers.AwaitTakingAsync(responseStream.WriteAsync(TrafficWire.ToResponse(sample), context.CancellationToken), context.CancellationToken);
        }
    }

    public override Task<ListConnectionsResponse> ListConnections(ListConnectionsRequest request, ServerCallContext context)
    {
        var page = connections.Read(ConnectionWire.ToName(request.PageToken), ConnectionWire.ToAddress(request.Address), ReadSize(request.PageSize));
        return Task.FromResult(ConnectionWire.ToMessage(page));
    }

    public override Task<DeleteConnectionResponse> DeleteConnection(DeleteConnectionRequest request, ServerCallContext context)
    {
        connections.Delete(request.ConnectionId);
        return Task.FromResult(new DeleteConnectionResponse());
    }

    private static int ReadSize(int size) => size switch
    {
        0 => DefaultPage,
        > 0 and <= MaxPage => size,
        _ => throw new InvalidInputException("page_size", $"is {size}, allowed are 1 to {MaxPage}, or 0 for {DefaultPage}"),
    };

    private static long ReadToken(string token)
    {
        if (token.Length == 0)
        {
            return long.MaxValue;
        }

        return long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal
            : throw new InvalidInputException("page_token", $"is '{token}', not one that ListFlows gave; begin without");
    }
}
