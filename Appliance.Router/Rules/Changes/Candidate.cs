using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>The policy that people write at; on disk before they hear of it, and in force only when it is applied.</summary>
internal sealed class Candidate
{
    private readonly Lock _turn = new();
    private readonly CandidateReaders _readers = new();
    private readonly CandidateTable _table;
    private readonly PolicyCheck _check;
    private readonly IFirewall _firewall;
    private readonly TimeProvider _clock;
    private CandidateVersion _current;

    public Candidate(CandidateTable table, PolicyCheck check, DefaultPolicy fallback, IFirewall firewall, TimeProvider clock)
    {
        (_table, _check, _firewall, _clock) = (table, check, firewall, clock);
        _current = CandidateVersion.Of(table.Read() ?? fallback.Policy);
    }

    public CandidateVersion Current
    {
        get
        {
            lock (_turn)
            {
                return _current;
            }
        }
    }

    public PolicyRule Find(string id) => Current.Policy.Rules.FirstOrDefault(rule => rule.Id == id) ?? throw new NotFoundException("rule", id);

    /// <summary>Throws when somebody changed the candidate after the caller saw it; an empty etag asks for no check.</summary>
    public CandidateVersion Demand(string etag)
    {
        var current = Current;
        return etag.Length == 0 || etag == current.Etag
            ? current
            : throw new StaleEtagException($"The candidate's etag is {current.Etag} and the request has {etag}: somebody changed it in between. Read it again and repeat.");
    }

    /// <summary>Puts a rule in; one without an id gets one.</summary>
    public PolicyRule Create(RuleRequest request)
    {
        lock (_turn)
        {
            if (request.RequestId.Length > 0 && _table.FindRequest(request.Creator, request.RequestId) is { } made)
            {
                return Find(made);
            }

            var rule = request.Rule.Id.Length > 0 ? request.Rule : request.Rule with { Id = Guid.CreateVersion7(_clock.GetUtcNow()).ToString("N") };
            DemandFree(rule.Id, request.RequestId);
            var policy = _current.Policy with { Rules = [.. _current.Policy.Rules, rule] };
            Demand(rule, policy);
            Take(policy, request with { Rule = rule });
            return rule;
        }
    }

    /// <summary>Changes a rule; an empty etag asks for no check.</summary>
    public PolicyRule Update(string id, string etag, Func<PolicyRule, PolicyRule> change)
    {
        lock (_turn)
        {
            var before = Changeable(id, etag);
            var after = change(before);
            var policy = _current.Policy with { Rules = [.. _current.Policy.Rules.Select(rule => rule.Id == id ? after : rule)] };
            Demand(after, policy);
            Take(policy, null);
            return after;
        }
    }

    public void Delete(string id, string etag)
    {
        lock (_turn)
        {
            Changeable(id, etag);
            Take(_current.Policy with { Rules = [.. _current.Policy.Rules.Where(rule => rule.Id != id)] }, null);
        }
    }

    /// <summary>Takes another policy in place of all that was; returns the candidate's etag.</summary>
    public string Replace(FirewallPolicy policy, string etag, IReadOnlyList<FieldFault> readingFaults, bool validateOnly)
    {
        lock (_turn)
        {
            Demand(etag);
            var named = policy with { Rules = [.. policy.Rules.Select(rule => rule.Id.Length > 0 ? rule : rule with { Id = Guid.CreateVersion7(_clock.GetUtcNow()).ToString("N") })] };
            List<FieldFault> faults = [.. readingFaults, .. _check.FaultsOf(named), .. named.Rules.Where(IsBuiltIn).Select(rule => new FieldFault("rules", $"has the id '{rule.Id}', which is a built-in rule's; choose another"))];
            if (faults.Count > 0)
            {
                throw new InvalidInputException(faults.Select(fault => fault with { Field = $"policy.{fault.Field}" }));
            }

            if (!validateOnly)
            {
                Take(named, null);
            }

            return _current.Etag;
        }
    }

    public CandidateWatch Watch()
    {
        lock (_turn)
        {
            return _readers.Add([.. _current.Policy.Rules.OrderBy(rule => rule.Order).ThenBy(rule => rule.Id, StringComparer.Ordinal)], Leave);
        }
    }

    private void Leave(CandidateWatch watch)
    {
        lock (_turn)
        {
            _readers.Remove(watch);
        }
    }

    private bool IsBuiltIn(PolicyRule rule) => _firewall.Rules.Any(built => built.Id == rule.Id);

    private PolicyRule Changeable(string id, string etag)
    {
        if (_firewall.Rules.Any(built => built.Id == id))
        {
            throw new BusyException("BUILT_IN_RULE", $"Rule '{id}' was put there by the router itself and stays as it is; write a rule of your own beside it.");
        }

        var rule = Find(id);
        var current = PolicyWire.EtagOf(rule);
        return etag.Length == 0 || etag == current
            ? rule
            : throw new StaleEtagException($"The etag of rule '{id}' is {current} and the request has {etag}: somebody changed it in between. Read it again and repeat.");
    }

    private void DemandFree(string id, string requestId)
    {
        if (requestId.Length > BlockAdmission.MaxIdLength)
        {
            throw new InvalidInputException("request_id", $"has {requestId.Length} characters; at most {BlockAdmission.MaxIdLength} are kept");
        }

        if (_current.Policy.Rules.Any(rule => rule.Id == id) || _firewall.Rules.Any(built => built.Id == id))
        {
            throw new InvalidInputException("rule.id", $"is '{id}', which another rule has; leave it empty or choose another");
        }
    }

    private void Demand(PolicyRule rule, FirewallPolicy policy)
    {
        if (policy.Rules.Count > PolicyCheck.MaxRules)
        {
            throw new LimitExceededException("TOO_MANY_RULES", $"{policy.Rules.Count - 1} rules are there and {PolicyCheck.MaxRules} may be; name several networks or ports in one rule, or delete some.");
        }

        var faults = _check.FaultsOf(rule, policy);
        if (faults.Count > 0)
        {
            throw new InvalidInputException(faults);
        }
    }

    private void Take(FirewallPolicy policy, RuleRequest? request)
    {
        _table.Save(policy, request, _clock.GetUtcNow());
        var before = _current.Policy;
        _current = CandidateVersion.Of(policy);
        _readers.Tell(before, policy);
    }
}
