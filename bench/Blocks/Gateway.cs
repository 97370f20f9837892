using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Events;
using Appliance.Router.Nftables;
using Appliance.Router.Response;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using CaptureOptions = Appliance.Router.Capture.CaptureOptions;

namespace Appliance.Benchmarks.Blocks;

/// <summary>The Router from alert to kernel in a namespace: policy, block store on a real disk, netlink.</summary>
internal sealed class Gateway : IDisposable
{
    private readonly KernelSets _sets;
    private readonly ConnectionCutter _connections;
    private readonly RuleDatabase _database;
    private readonly BlockStore _store;
    private FirewallChoice? _choice;

    public Gateway(NetworkNamespace place, string stateFolder)
    {
        var clock = TimeProvider.System;
        var paths = new NodePaths(Options.Create(new NodeOptions { StateDirectory = stateFolder }), new RunningRole(Role.Router));
        _sets = new KernelSets(new NetlinkExchange(OpenNetlink(place)), canDestroy: true);
        _connections = new ConnectionCutter(OpenNetlink(place));
        Firewall = new NftablesFirewall(new NftProgram(place, clock), _sets, _connections, clock, "the measured gateway");
        _database = new RuleDatabase(paths, clock, NullLogger<RuleDatabase>.Instance);
        var table = new BlockTable(_database);
        var options = Options.Create(new BlockOptions { MaxBlocksPerMinute = 100_000 });
        var protectedAddresses = new ProtectedAddresses(new ProtectedTable(_database), new FixedHost(), options, clock);
        var enforcer = new BlockEnforcer(new ProbedFirewall(Firewall, () => OnKernel()), new RulesetIntent(protectedAddresses), target => [target], NullLogger<BlockEnforcer>.Instance);
        _store = new BlockStore(enforcer, table, new BlockAdmission(protectedAddresses, options, clock), clock, NullLogger<BlockStore>.Instance);
        Responder = new AlertResponder(
            Judge(paths, enforcer, clock),
            new RuleBook(Firewall, enforcer, _store, protectedAddresses, new RuleHits(new AbsentRuleset(), clock)),
            table,
            new AnswerEvents(new EventLog(clock), NullLogger<AnswerEvents>.Instance),
            clock);
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
        _choice?.Dispose();
    }

    private AlertJudge Judge(NodePaths paths, BlockEnforcer enforcer, TimeProvider clock)
    {
        var options = Options.Create(new ResponseOptions { Mode = ResponseOptions.Enforce });
        var policy = new ResponsePolicy(options.Value);
        _choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Rendered }), clock);
        return new AlertJudge(
            policy,
            new ResponseTrial(paths, options, clock, NullLogger<ResponseTrial>.Instance),
            new SourceZones(new KernelLinks(_choice, NullLogger<KernelLinks>.Instance), enforcer.Intent, Options.Create(new CaptureOptions()), options),
            new AlertEvidence(policy, options));
    }

    private static NetlinkSocket OpenNetlink(NetworkNamespace place) => place.Run(() => NetlinkSocket.Open(Appliance.Router.Nftables.Libc.NetfilterProtocol));
}
