using System.Globalization;
using System.Threading.Channels;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Protos.Rules.V1;
using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Policy;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Appliance.Router.Rules;

/// <summary>The rules that people write, and how they come into force.</summary>
internal sealed partial class RuleGrpcService
{
    public override Task<ListRulesResponse> ListRules(ListRulesRequest request, ServerCallContext context)
    {
        // Order and id are the place of a rule and so the key of a page; a negative order must not sort behind a positive one.
        var keyed = AllRules().Select(rule => (Rule: rule, Key: string.Create(CultureInfo.InvariantCulture, $"{(long)rule.Order - int.MinValue:D10} {rule.Id}")));
        var page = Page<(Rule Rule, string Key)>.Cut(keyed.OrderBy(entry => entry.Key, StringComparer.Ordinal), entry => entry.Key, request.PageSize, request.PageToken);
        return Task.FromResult(new ListRulesResponse { Rules = { page.Items.Select(entry => entry.Rule) }, NextPageToken = page.NextToken });
    }

    public override Task<GetRuleResponse> GetRule(GetRuleRequest request, ServerCallContext context)
    {
        var builtIn = RuleWire.ToWire(rules.Firewall.Rules).FirstOrDefault(rule => rule.Id == request.RuleId);
        return Task.FromResult(new GetRuleResponse { Rule = builtIn ?? ToWire(candidate.Find(request.RuleId)) });
    }

    public override Task<CreateRuleResponse> CreateRule(CreateRuleRequest request, ServerCallContext context)
    {
        var asked = new RuleRequest(PolicyRuleWire.Read(request.Rule), context.Caller().ToString(), request.RequestId);
        return Task.FromResult(new CreateRuleResponse { Rule = ToWire(candidate.Create(asked)) });
    }

    public override Task<UpdateRuleResponse> UpdateRule(UpdateRuleRequest request, ServerCallContext context)
    {
        var change = PolicyRuleWire.ToChange(request);
        return Task.FromResult(new UpdateRuleResponse { Rule = ToWire(candidate.Update(request.Rule.Id, request.Rule.Etag, change)) });
    }

    public override Task<DeleteRuleResponse> DeleteRule(DeleteRuleRequest request, ServerCallContext context)
    {
        candidate.Delete(request.RuleId, request.Etag);
        return Task.FromResult(new DeleteRuleResponse());
    }

    public override async Task WatchRules(WatchRulesRequest request, IServerStreamWriter<WatchRulesResponse> responseStream, ServerCallContext context)
    {
        using var blocks = rules.Blocks.Watch();
        using var written = candidate.Watch();
        foreach (var response in Snapshot(blocks, written))
        {
            await responseStream.WriteAsync(response, context.CancellationToken);
        }

        var (blocked, changed) = (WaitAsync(blocks.Changes), WaitAsync(written.Changes));
        while (true)
        {
            while (blocks.Changes.TryRead(out var change))
            {
                await responseStream.WriteAsync(ToWire(change), context.CancellationToken);
            }

            while (written.Changes.TryRead(out var change))
            {
                await responseStream.WriteAsync(ToWire(change), context.CancellationToken);
            }

            // Throws for a reader that is cut off. The other queue's task waits on, so that none pile up there.
            await await Task.WhenAny(blocked, changed);
            blocked = blocked.IsCompleted ? WaitAsync(blocks.Changes) : blocked;
            changed = changed.IsCompleted ? WaitAsync(written.Changes) : changed;
        }

        Task WaitAsync<T>(ChannelReader<T> queue) => queue.WaitToReadAsync(context.CancellationToken).AsTask();
    }

    public override Task<ExportRulesetResponse> ExportRuleset(ExportRulesetRequest request, ServerCallContext context)
    {
        var current = candidate.Current;
        var policy = request.RulesetId.Length == 0 ? current.Policy : rulesets.Find(request.RulesetId).Policy;
        return Task.FromResult(new ExportRulesetResponse { Policy = PolicyWire.ToWire(policy), Etag = current.Etag });
    }

    public override Task<ImportRulesetResponse> ImportRuleset(ImportRulesetRequest request, ServerCallContext context)
    {
        var faults = new List<FieldFault>();
        var policy = PolicyWire.FromWire(request.Policy ?? throw new InvalidInputException("policy", "is not set; an empty one decides nothing and has to be sent as such"), faults);
        return Task.FromResult(new ImportRulesetResponse { Etag = candidate.Replace(policy, request.Etag, faults, request.ValidateOnly) });
    }

    public override async Task<ApplyRulesetResponse> ApplyRuleset(ApplyRulesetRequest request, ServerCallContext context)
    {
        var (ruleset, text) = await rulesets.ApplyAsync(RulesetWire.ToRequest(request, context.Caller().ToString()), context.CancellationToken);
        return RulesetWire.ToWire(ruleset, text);
    }

    public override async Task<ConfirmRulesetResponse> ConfirmRuleset(ConfirmRulesetRequest request, ServerCallContext context)
    {
        var ruleset = await rulesets.ConfirmAsync(request.RulesetId, context.AcceptTimestamp(), context.CancellationToken);
        return new ConfirmRulesetResponse { Ruleset = RulesetWire.ToWire(ruleset) };
    }

    public override async Task<RollbackRulesetResponse> RollbackRuleset(RollbackRulesetRequest request, ServerCallContext context)
    {
        var ruleset = await rulesets.RollBackAsync(request.RulesetId, RulesetWire.ToRequest(request, context.Caller().ToString()), context.CancellationToken);
        return new RollbackRulesetResponse { Ruleset = RulesetWire.ToWire(ruleset) };
    }

    public override Task<ListRulesetsResponse> ListRulesets(ListRulesetsRequest request, ServerCallContext context) =>
        Task.FromResult(RulesetWire.ToPage(request, rulesets.List));

    private IEnumerable<Rule> AllRules() => RuleWire.ToWire(rules.Firewall.Rules).Concat(ToWire(candidate.Current.Policy.Rules));

    private IEnumerable<WatchRulesResponse> Snapshot(BlockWatch blocks, CandidateWatch written) => RuleWire.ToWire(rules.Firewall.Rules)
        .Concat(ToWire(written.Snapshot))
        .Select(rule => new WatchRulesResponse { Rule = rule })
        .Concat(blocks.Snapshot.Select(block => new WatchRulesResponse { Block = ToWire(block) }))
        .Append(new WatchRulesResponse { SnapshotEnd = new SnapshotEnd() });

    private WatchRulesResponse ToWire(RuleChange change) => change.Rule is null
        ? new WatchRulesResponse { DeletedRuleId = change.Id }
        : new WatchRulesResponse { Rule = ToWire(change.Rule) };

    private Rule ToWire(PolicyRule written) => ToWire([written]).Single();

    // What it has matched is told of a rule in force, by its id. With the lines that the candidate would bring; a rule that is disabled, or has no zones to be in, brings none.
    private IEnumerable<Rule> ToWire(IReadOnlyList<PolicyRule> written)
    {
        var texts = rules.Firewall.Explain(rules.Enforcer.Intent.With([]) with { Policy = candidate.Current.Policy }).ToLookup(line => line.Id, line => line.Text);
        return written.Select(rule =>
        {
            var wire = PolicyRuleWire.ToWire(rule);
            var hit = rules.Hits.Find(rule.Id);
            wire.Text = string.Join('\n', texts[rule.Id]);
            wire.PacketsCount = (ulong)hit.Packets;
            wire.HitBytes = (ulong)hit.Bytes;
            wire.LastHitTime = hit.LastHitTime is { } time ? Timestamp.FromDateTimeOffset(time) : null;
            return wire;
        });
    }
}
