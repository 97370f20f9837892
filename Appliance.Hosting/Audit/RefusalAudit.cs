using System.Diagnostics.Metrics;
using Appliance.Hosting.Authorization;
using Google.Rpc;

namespace Appliance.Hosting.Audit;

/// <summary>Counts what the gate refused and writes down the changes among it; what is too much is counted, and the count written when there is room again.</summary>
internal sealed class RefusalAudit
{
    private readonly AuditLog _audit;
    private readonly RefusalBudget _budget;
    private readonly Counter<long> _denied;
    private readonly Counter<long> _passedOver;

    public RefusalAudit(AuditLog audit, RunningRole running, IMeterFactory meters, TimeProvider clock)
    {
        (_audit, _budget) = (audit, new RefusalBudget(clock));
        var meter = meters.Create(running.MeterName);
        _denied = meter.CreateCounter<long>("appliance.calls.denied", "{call}", "Calls refused before their service, by reason.");
        _passedOver = meter.CreateCounter<long>("appliance.audit.passed_over", "{call}", "Refused changes that were too many to be written down each.");
    }

    /// <summary>Counts a refusal of any method, by a reason that is one of a few.</summary>
    public void Count(string reason) => _denied.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Refused it is in any case: a log that can't be written does not open the gate.</summary>
    public void Enter(string? caller, string method, Code code, string why)
    {
        if (!MethodTable.Changes(method))
        {
            return;
        }

        var actor = caller ?? "unknown";
        if (!_budget.TryTake(actor, out var missed))
        {
            _passedOver.Add(1);
            return;
        }

        if (missed > 0)
        {
            _audit.TryEnter(new AuditRecord(_audit.Self, "PassOver", "", $"{missed} more refused changes were not written down each", Allowed: false));
        }

        var action = method[(method.LastIndexOf('/') + 1)..];
        _audit.TryEnter(new AuditRecord(actor, action, "", $"{AuditWords.CodeWord(code)}: {why}", Allowed: false));
    }
}
