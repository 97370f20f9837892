using Appliance.Protos.Alerts.V1;
using Appliance.Protos.Rules.V1;
using Grpc.Core;

namespace Appliance.Local;

/// <summary>Watches a running site as any operator could: its alerts, and what the router did about them.</summary>
internal sealed class SiteWatch(CallInvoker router, CallInvoker detector, TextWriter output)
{
    private readonly AlertService.AlertServiceClient _alerts = new(detector);
    private readonly RuleService.RuleServiceClient _rules = new(router);
    private readonly Dictionary<string, Alert> _seen = [];
    private readonly Dictionary<string, string> _responses = [];
    private readonly Lock _lock = new();

    /// <summary>Revision of the newest alert seen, so that others can be asked whether they have come as far.</summary>
    public ulong Revision { get; private set; }

    /// <summary>Reads past the alerts of earlier runs.</summary>
    public async Task SkipOldAsync(CancellationToken token)
    {
        using var call = _alerts.WatchAlerts(new WatchAlertsRequest(), cancellationToken: token);
        await foreach (var message in call.ResponseStream.ReadAllAsync(token))
        {
            if (message.ChangeCase == WatchAlertsResponse.ChangeOneofCase.SnapshotEnd)
            {
                return;
            }

            Revision = Math.Max(Revision, message.Alert.Revision);
        }
    }

    /// <summary>Prints each new alert as it happens.</summary>
    public async Task WatchAlertsAsync(CancellationToken token)
    {
        using var call = _alerts.WatchAlerts(new WatchAlertsRequest { AfterRevision = Revision }, cancellationToken: token);
        await foreach (var message in call.ResponseStream.ReadAllAsync(token))
        {
            if (message.Alert is { } alert && Keep(alert))
            {
                await output.WriteLineAsync(Line(alert));
            }
        }
    }

    public async Task WatchBlocksAsync(CancellationToken token)
    {
        using var call = _rules.WatchRules(new WatchRulesRequest(), cancellationToken: token);
        await foreach (var message in call.ResponseStream.ReadAllAsync(token))
        {
            if (message.Block is { } block && block.AlertId.Length > 0 && Keep(block, out var text))
            {
                await output.WriteLineAsync(text);
            }
        }
    }

    /// <summary>The alerts of this run; <paramref name="received"/> tells which ids a subscriber got.</summary>
    public IReadOnlyList<SummaryAlert> Summarize(Func<string, bool> received)
    {
        lock (_lock)
        {
            return
            [
                .. _seen.Values.OrderBy(alert => alert.Revision).Select(alert => new SummaryAlert(
                    alert.Id,
                    Word(alert.Category.ToString()),
                    Word(alert.Severity.ToString()),
                    alert.Source,
                    _responses.GetValueOrDefault(alert.Id, "none"),
                    received(alert.Id))),
            ];
        }
    }

    private bool Keep(Alert alert)
    {
        lock (_lock)
        {
            Revision = Math.Max(Revision, alert.Revision);
            var isNew = !_seen.TryGetValue(alert.Id, out var known);
            _seen[alert.Id] = alert;
            return isNew || known!.Severity != alert.Severity;
        }
    }

    private bool Keep(Block block, out string text)
    {
        var target = block.TargetCase == Block.TargetOneofCase.Mac
            ? string.Join(':', block.Mac.Select(part => part.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))
            : new System.Net.IPAddress(block.Address.Span).ToString();
        var limited = block.Action == Block.Types.Action.RateLimit;
        var place = block.Enforcement == Block.Types.Enforcement.Active ? "in the kernel" : "rendered only";
        text = $"{(limited ? "RATE-LIMITED" : "BLOCKED")} {target} until {block.ExpireTime.ToDateTimeOffset():HH:mm:ss} UTC, {place}: {block.Reason}";
        lock (_lock)
        {
            return _responses.TryAdd(block.AlertId, limited ? "rate-limited" : "blocked");
        }
    }

    private static string Line(Alert alert)
        => $"ALERT {Word(alert.Severity.ToString())} {Word(alert.Category.ToString())} from {alert.Source}"
            + $"{(alert.Service.Length > 0 ? $" on {alert.Service}" : "")}: {string.Join("; ", alert.Explanations.Select(reason => reason.Text))}";

    /// <summary>"BruteForce" is "brute-force" in every text of the contract.</summary>
    private static string Word(string name)
        => string.Concat(name.Select((letter, index) => char.IsUpper(letter) && index > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
