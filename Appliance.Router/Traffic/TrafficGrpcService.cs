using System.Globalization;
using Appliance.Hosting.Errors;
using Appliance.Protos.Traffic.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Traffic;

/// <summary>Tells what crosses the Router.</summary>
internal sealed class TrafficGrpcService(FlowReaders readers, PacketPath path, TrafficSampler sampler, IOptions<TrafficOptions> options, TimeProvider clock)
    : TrafficService.TrafficServiceBase
{
    private const int DefaultPage = 100;
    private const int MaxPage = 1000;

    public override Task<ListFlowsResponse> ListFlows(ListFlowsRequest request, ServerCallContext context)
    {
        var size = request.PageSize switch
        {
            0 => DefaultPage,
            > 0 and <= MaxPage => request.PageSize,
            _ => throw new InvalidInputException("page_size", $"is {request.PageSize}, allowed are 1 to {MaxPage}, or 0 for {DefaultPage}"),
        };
        var page = path.ListFlows(ReadToken(request.PageToken), size);
        var response = new ListFlowsResponse { NextPageToken = page.Count < size ? "" : page[^1].Ordinal.ToString(CultureInfo.InvariantCulture) };
        response.Flows.AddRange(page.Select(listed => TrafficWire.ToMessage(listed.Flow)));
        return Task.FromResult(response);
    }

    public override async Task WatchFlows(WatchFlowsRequest request, IServerStreamWriter<WatchFlowsResponse> responseStream, ServerCallContext context)
    {
        var reader = readers.Open(request.Cursor?.Epoch, request.Cursor?.Sequence ?? 0);
        while (true)
        {
            var batch = await reader.ReadAsync(context.CancellationToken);
            readers.Missed(batch.MissedCount);
            await WriteAsync(responseStream, TrafficWire.ToMessage(batch, readers.Epoch), context.CancellationToken);
        }
    }

    public override Task<GetTrafficSummaryResponse> GetTrafficSummary(GetTrafficSummaryRequest request, ServerCallContext context) =>
        Task.FromResult(new GetTrafficSummaryResponse { Summary = TrafficWire.ToMessage(sampler.Current) });

    public override async Task WatchTraffic(WatchTrafficRequest request, IServerStreamWriter<WatchTrafficResponse> responseStream, ServerCallContext context)
    {
        await foreach (var sample in sampler.WatchAsync(context.CancellationToken))
        {
            await WriteAsync(responseStream, TrafficWire.ToResponse(sample), context.CancellationToken);
        }
    }

    // A reader that takes nothing fills the connection's window, and then the write does not come back.
    private async Task WriteAsync<T>(IServerStreamWriter<T> stream, T message, CancellationToken token)
    {
        try
        {
            await stream.WriteAsync(message, token).WaitAsync(options.Value.ReaderPatience, clock, token);
        }
        catch (TimeoutException)
        {
            readers.CutOff();
            throw new LimitExceededException(
                "SLOW_READER", $"The reader has taken nothing for {options.Value.ReaderPatience}; read on, or resume with the cursor of the last batch.");
        }
    }

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
