using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Rules;

/// <summary>The never-block list: what the host is and needs, what the configuration names, and what operators added.</summary>
internal sealed class ProtectedAddresses
{
    // Each is looked at for every new block, and rendered into the ruleset.
    private const int MaxMade = 10_000;

    private readonly Lock _turn = new();

    // One at a time, so that an older answer never takes the place of a newer one.
    private readonly Lock _reading = new();

    private readonly ProtectedTable _table;
    private readonly IHostAddresses _host;
    private readonly IReadOnlyList<ProtectedAddress> _configured;
    private readonly TimeProvider _clock;
    private Dictionary<string, ProtectedAddress> _builtIn = [];
    private Dictionary<string, ProtectedAddress> _made;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProtectedAddresses(ProtectedTable table, IHostAddresses host, IOptions<BlockOptions> options, TimeProvider clock)
    {
        _table = table;
        _host = host;
        _clock = clock;
        _configured = [.. FromOptions(options.Value)];
        _made = table.Read().ToDictionary(address => address.Id);
        Refresh();
    }

    /// <summary>All of them, by id.</summary>
    public IReadOnlyList<ProtectedAddress> All
    {
        get
        {
            lock (_turn)
            {
                return [.. _builtIn.Values.Concat(_made.Values).OrderBy(address => address.Id, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Completes at the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (_turn)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Asks the host anew; true when what it says has changed.</summary>
    public bool Refresh()
    {
        lock (_reading)
        {
            var read = new Dictionary<string, ProtectedAddress>(StringComparer.Ordinal);
            foreach (var address in _host.Read().Concat(_configured))
            {
                read.TryAdd(address.Id, address);
            }

            lock (_turn)
            {
                var isSame = read.Count == _builtIn.Count && read.Keys.All(_builtIn.ContainsKey);
                _builtIn = read;
                if (!isSame)
                {
                    TellChange();
                }

                return !isSame;
            }
        }
    }

    /// <summary>The entry that covers a target, if one does.</summary>
    public ProtectedAddress? Find(BlockTarget target)
    {
        lock (_turn)
        {
            return _builtIn.Values.Concat(_made.Values).FirstOrDefault(address => address.Range.Contains(target));
        }
    }

    /// <summary>Adds one; a range that is there already comes back as it is.</summary>
    public ProtectedAddress Create(TargetRange range, string reason)
    {
        if (reason.Length > BlockAdmission.MaxReasonLength)
        {
            throw new InvalidInputException("reason", $"has {reason.Length} characters; at most {BlockAdmission.MaxReasonLength} are kept");
        }

        lock (_turn)
        {
            var known = _made.Values.FirstOrDefault(address => address.Range == range);
            if (known is not null)
            {
                return known;
            }

            if (_made.Count >= MaxMade)
            {
                throw new LimitExceededException("TOO_MANY_PROTECTED_ADDRESSES", $"{_made.Count} protected addresses were added and {MaxMade} may be; write networks instead of single addresses.");
            }

            var made = new ProtectedAddress(Guid.CreateVersion7(_clock.GetUtcNow()).ToString("N"), range, reason, IsBuiltIn: false);
            _table.Save(made);
            _made = new Dictionary<string, ProtectedAddress>(_made, StringComparer.Ordinal) { [made.Id] = made };
            TellChange();
            return made;
        }
    }

    public void Delete(string id)
    {
        lock (_turn)
        {
            if (_builtIn.TryGetValue(id, out var fixedOne))
            {
                throw new BusyException(
                    "BUILT_IN_PROTECTED_ADDRESS",
                    $"{fixedOne.Range} is protected by the router itself ({fixedOne.Reason.TrimEnd('.')}) and stays so; only addresses that operators added can be deleted.");
            }

            if (!_made.ContainsKey(id))
            {
                throw new NotFoundException("protected address", id);
            }

            _table.Delete(id);
            _made = _made.Where(pair => pair.Key != id).ToDictionary(StringComparer.Ordinal);
            TellChange();
        }
    }

    // Called by whoever holds the turn.
    private void TellChange()
    {
        var told = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
    }

    private static IEnumerable<ProtectedAddress> FromOptions(BlockOptions options) => options.ProtectedNetworks
        .Select(text => TargetRange.TryParse(text, out var range) ? range : throw new FormatException(text))
        .Select(range => ProtectedAddress.BuiltIn(range, $"Named in {BlockOptions.Section}:{nameof(BlockOptions.ProtectedNetworks)}."));
}
