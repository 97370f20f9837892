using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;
using Appliance.Router.Tests.Nftables;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using static Microsoft.Extensions.Options.Options;

namespace Appliance.Router.Tests.Rules.Keeping;

/// <summary>The rules with a real kernel's firewall in a namespace of their own, and what keeps it.</summary>
internal sealed class KeepingBench : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly FirewallChoice _choice;
    private readonly RuleDatabase _database;

    public KeepingBench()
    {
        Place = new TestNamespace();
        _choice = new FirewallChoice(Create(new FirewallOptions { Enforce = EnforceMode.Kernel, Namespace = Place.Name }), Clock);
        var paths = new NodePaths(Create(new NodeOptions { StateDirectory = _folder.Path }), new RunningRole(Role.Router));
        _database = new RuleDatabase(paths, Clock, NullLogger<RuleDatabase>.Instance);
        var blocks = Create(new BlockOptions { MaxBlocksPerMinute = 100_000, ProtectedNetworks = ["192.0.2.0/24", "02:00:5e:00:53:ff"] });
        var protectedAddresses = new ProtectedAddresses(new ProtectedTable(_database), new FixedHost("127.0.0.0/8"), blocks, Clock);
        var firewall = _choice.Open();
        var enforcer = new BlockEnforcer(firewall, new RulesetIntent(protectedAddresses), target => [target], NullLogger<BlockEnforcer>.Instance);
        Store = new BlockStore(enforcer, new BlockTable(_database), new BlockAdmission(protectedAddresses, blocks, Clock), Clock, NullLogger<BlockStore>.Instance);
        Rules = new RuleBook(firewall, enforcer, Store, protectedAddresses, new RuleHits(_choice.OpenRuleset(), Clock));
        Kernel = _choice.OpenRuleset();
        Health = new EnforcementHealth(firewall, Board);
        Report = new ForeignChangeReport(new EventLog(Clock), Clock, Log);
        Reconciler = new RulesetReconciler(Rules, Kernel, Health, Report);
    }

    public JumpingClock Clock { get; } = new();

    public TestNamespace Place { get; }

    public RuleBook Rules { get; }

    public BlockStore Store { get; }

    public IKernelRuleset Kernel { get; }

    public HealthBoard Board { get; } = new(TimeProvider.System);

    public EnforcementHealth Health { get; }

    public ForeignChangeReport Report { get; }

    public RecordingLogger<ForeignChangeReport> Log { get; } = new();

    public RulesetReconciler Reconciler { get; }

    /// <summary>The table with all elements, without what passes by itself.</summary>
    public string Listing => Place.Nft("--stateless", "list", "table", "inet", "appliance");

    public static async Task<KeepingBench> OpenAsync()
    {
        var bench = new KeepingBench();
        await bench.Store.LoadAsync(CancellationToken.None);
        return bench;
    }

    /// <summary>Changes the kernel's rules with foreign hands, and waits until it has been heard of.</summary>
    public async Task ChangeByHandAsync(string script)
    {
        Place.NftScript(script);
        await Kernel.WaitAsync(Guard, TestContext.Current.CancellationToken);
    }

    public Task<bool> LookAsync() => Reconciler.LookAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Store.Dispose();
        _choice.Dispose();
        _database.Dispose();
        _folder.Dispose();
        Place.Dispose();
    }
}
