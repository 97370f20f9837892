using System.ComponentModel;
using Appliance.Hosting.Configuration;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Rules.Keeping;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Nftables;

/// <summary>Opens the kernel's firewall, or says why it is rendered only; owns what it opened.</summary>
internal sealed class FirewallChoice(IOptions<FirewallOptions> options, TimeProvider clock) : IDisposable
{
    private readonly Stack<IDisposable> _opened = new();
    private readonly Lock _turn = new();
    private IFirewall? _firewall;
    private IFeedFirewall? _feeds;
    private KernelPlace? _place;
    private KernelRuleset? _ruleset;

    public IFirewall Open()
    {
        lock (_turn)
        {
            return _firewall ??= Choose();
        }
    }

    /// <summary>What drops feeds, in the place of the firewall.</summary>
    public IFeedFirewall OpenFeeds()
    {
        lock (_turn)
        {
            _firewall ??= Choose();
            return _feeds ??= new FeedTableRendered();
        }
    }

    /// <summary>Where the kernel enforces; null where it does not.</summary>
    public KernelPlace? OpenPlace() => Open().Enforces ? _place : null;

    /// <summary>What the kernel has of the ruleset, or who has none.</summary>
    public IKernelRuleset OpenRuleset() => Open().Enforces && _ruleset is { } ruleset ? ruleset : new AbsentRuleset();

    /// <summary>The connections that the kernel tracks where it enforces, or who says why they are out of reach.</summary>
    public IConnectionTracker OpenConnections()
    {
        try
        {
            return OpenPlace() is { } place
                ? new KernelConnections(new NetlinkExchange(place.OpenNetlink()))
                : new UnreachableConnections(Open().Description);
        }
        catch (Win32Exception error)
        {
            return new UnreachableConnections(error.Message);
        }
    }

    public void Dispose()
    {
        while (_opened.TryPop(out var opened))
        {
            opened.Dispose();
        }
    }

    private IFirewall Choose()
    {
        var wanted = options.Value;
        if (wanted.Enforce == EnforceMode.Rendered)
        {
            return new RenderedFirewall($"{FirewallOptions.Section}:Enforce asks for it.", clock);
        }

        var missing = KernelRights.Missing(wanted.Namespace.Length > 0);
        return missing is null ? OpenKernel(wanted) : Refuse(wanted, missing);
    }

    private IFirewall OpenKernel(FirewallOptions wanted)
    {
        try
        {
            var home = wanted.Namespace.Length == 0 ? null : Own(NetworkNamespace.Take(wanted.Namespace));
            _place = new KernelPlace(home, home is null ? "this network namespace" : $"network namespace {wanted.Namespace}") { FeedChanges = new ChangeSignal(clock) };
            var sets = Own(new KernelSets(new NetlinkExchange(_place.OpenNetlink())));
            var connections = Own(new ConnectionCutter(_place.OpenNetlink()));
            var nft = _place.OpenProgram(clock);
            var questions = Own(new NetlinkExchange(_place.OpenNetlink()));
            var (table, looked) = (new KernelTable(questions), new KernelSets(questions));
            var counters = new RuleCounters(looked, table);
            var kept = new KeptTable(nft, table, counters);
            _ruleset = Own(new KernelRuleset(kept, looked, counters, _place, clock));
            _feeds = Own(new FeedTableKernel(nft, sets) { Changes = _place.FeedChanges });
            return new NftablesFirewall(nft, sets, connections, clock, _place.Name) { Kept = kept };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Win32Exception)
        {
            Dispose();
            return Refuse(wanted, error.Message);
        }
    }

    private RenderedFirewall Refuse(FirewallOptions wanted, string why) => wanted.Enforce == EnforceMode.Kernel
        ? throw new ConfigurationFaultException([$"{FirewallOptions.Section}:Enforce is 'Kernel', but {why}"])
        : new RenderedFirewall(why, clock);

    private T Own<T>(T opened)
        where T : IDisposable
    {
        _opened.Push(opened);
        return opened;
    }
}
