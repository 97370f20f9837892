using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Router.Nftables;
using Appliance.Router.Response;
using Appliance.Router.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Benchmarks.Blocks;

/// <summary>The Router from alert to kernel in a namespace: policy, block store on a real disk, netlink.</summary>
internal sealed class Gateway : IDisposable
{
    private readonly KernelSets _sets;
    private readonly ConnectionCutter _connections;
    private readonly RuleDatabase _database;
    private readonly BlockStore _store;

    public Gateway(NetworkNamespace place, string stateFolder)
    {
        var clock = TimeProvider.System;
        _sets = new KernelSets(new NetlinkExchange(OpenNetlink(place)), canDestroy: true);
        _connections = new ConnectionCutter(OpenNetlink(place));
        Firewall = new NftablesFirewall(new NftProgram(place, clock), _sets, _connections, clock, "the measured gateway");
        _database = new RuleDatabase(new NodePaths(Options.Create(new NodeOptions { StateDirectory = stateFolder }), new RunningRole(Role.Router)), clock, NullLogger<RuleDatabase>.Instance);
        var table = new BlockTable(_database);
        var options = Options.Create(new BlockOptions { MaxBlocksPerMinute = 100_000 });
        var protectedAddresses = new ProtectedAddresses(new ProtectedTable(_database), new FixedHost(), options, clock);
        var enforcer = new BlockEnforcer(new ProbedFirewall(Firewall, () => OnKernel()), new RulesetIntent(protectedAddresses), target => [target], NullLogger<BlockEnforcer>.Instance);
        _store = new BlockStore(enforcer, table, new BlockAdmission(protectedAddresses, options, clock), clock, NullLogger<BlockStore>.Instance);
        Responder = new AlertResponder(
            new ResponsePolicy(new ResponseOptions { Mode = ResponseOptions.Enforce }),
            new RuleBook(Firewall, enforcer, _store, protectedAddresses),
            table,
            clock,
            NullLogger<AlertResponder>.Instance);
    }

    public NftablesFirewall Firewall { get; }

    /// <summary>Called as soon as the kernel has a block, before it is on disk.</summary>
    public Action OnKernel { get; set; } = () => { };

    public AlertResponder Responder { get; }

    /// <summary>Packets of blocked IPv4 addresses that the kernel has dropped.</summary>
    public long Drops => (long)_sets.ReadCounters(BaseRuleset.Table).Single(counter => counter.Name == "blocked4_drops").Packets;

    public Task LoadAsync() => _store.LoadAsync(CancellationToken.None);

    public void Dispose()
    {
        _store.Dispose();
        _database.Dispose();
        _sets.Dispose();
        _connections.Dispose();
    }

    private static NetlinkSocket OpenNetlink(NetworkNamespace place) => place.Run(() => NetlinkSocket.Open(Libc.NetfilterProtocol));
}
