using Appliance.Hosting.Configuration;
using Appliance.Hosting.Events;
using Appliance.Router.Capture;
using Appliance.Router.Response;
using Appliance.Router.Rules;
using Appliance.Router.Tests.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Response;

/// <summary>The response over a bench's rules, with the test's links and options.</summary>
internal sealed class ResponseBench
{
    public ResponseBench(RuleBench bench, ResponseOptions? options = null, CaptureOptions? capture = null)
        : this(bench.Rules, bench.Table, bench.Paths, bench.Clock, options, capture)
    {
    }

    public ResponseBench(RuleBook rules, BlockTable table, NodePaths paths, TimeProvider clock, ResponseOptions? options = null, CaptureOptions? capture = null)
    {
        var chosen = Options.Create(options ?? Enforcing());
        var policy = new ResponsePolicy(chosen.Value);
        Trial = new ResponseTrial(paths, chosen, clock, NullLogger<ResponseTrial>.Instance);
        Zones = new SourceZones(Links, rules.Enforcer.Intent, Options.Create(capture ?? new CaptureOptions()), chosen);
        var judge = new AlertJudge(policy, Trial, Zones, new AlertEvidence(policy, chosen));
        Responder = new AlertResponder(judge, rules, table, new AnswerEvents(new EventLog(clock), NullLogger<AnswerEvents>.Instance), clock);
    }

    public FixedLinks Links { get; } = new();

    public ResponseTrial Trial { get; }

    public SourceZones Zones { get; }

    public AlertResponder Responder { get; }

    public static ResponseOptions Enforcing() => new() { Mode = ResponseOptions.Enforce };

    /// <summary>Answers, and gives what is blocked then.</summary>
    public static async Task<IReadOnlyList<string>> AnswerAsync(RuleBench bench, AlertResponder responder, params AlertFacts[] alerts)
    {
        foreach (var alert in alerts)
        {
            await responder.AnswerAsync(alert, CancellationToken.None);
        }

        return [.. bench.Store.All.Select(block => block.Target.ToString())];
    }
}
