using System.Threading.Channels;
using Appliance.Hosting;
using Appliance.Protos.Rules.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Tests.Site;

/// <summary>Stands in for the Router's WatchRules: a snapshot at each call, then what the test sends.</summary>
internal sealed class RouterStandIn : RuleService.RuleServiceBase
{
    private readonly Channel<WatchRulesResponse> _changes = Channel.CreateUnbounded<WatchRulesResponse>();

    public IReadOnlyList<Block> Snapshot { get; set; } = [];

    public Task<WebApplication> StartAsync(TestSite site) => site.StartAsync(
        Role.Router, builder => builder.Services.AddSingleton(this), app => app.MapRoleService<RouterStandIn>());

    public void Send(Block block) => _changes.Writer.TryWrite(new WatchRulesResponse { Block = block });

    public void SendDeleted(string id) => _changes.Writer.TryWrite(new WatchRulesResponse { DeletedBlockId = id });

    public override async Task WatchRules(WatchRulesRequest request, IServerStreamWriter<WatchRulesResponse> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new WatchRulesResponse { Rule = new Rule { Id = "r1", BuiltIn = true, Text = "ct state established accept" } });
        foreach (var block in Snapshot)
        {
            await responseStream.WriteAsync(new WatchRulesResponse { Block = block });
        }

        await responseStream.WriteAsync(new WatchRulesResponse { SnapshotEnd = new SnapshotEnd() });
        await foreach (var change in _changes.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(change);
        }
    }
}
