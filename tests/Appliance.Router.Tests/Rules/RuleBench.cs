using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Health;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;
using Appliance.Router.Rules.Changes;
using Appliance.Router.Rules.Policy;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Rules;

/// <summary>The rules on a real file, with a test's firewall, host and clock; can be closed and opened again as after a crash.</summary>
internal sealed class RuleBench : IDisposable
{
    private readonly TempFolder _folder = new();
    private RuleDatabase? _database;
    private BlockStore? _store;

    private RuleBench(RecordingFirewall firewall, BlockOptions options, FixedHost host)
    {
        Firewall = firewall;
        Board = new HealthBoard(Clock);
        Options = options;
        Host = host;
        Paths = new NodePaths(Microsoft.Extensions.Options.Options.Create(new NodeOptions { StateDirectory = _folder.Path }), new RunningRole(Role.Router));
    }

    public FakeTimeProvider Clock { get; } = new(Samples.Start);

    public RecordingFirewall Firewall { get; }

    /// <summary>Takes the place of the recording one from the next opening on.</summary>
    public IFirewall? Kernel { get; set; }

    public BlockOptions Options { get; }

    public FixedHost Host { get; }

    public NodePaths Paths { get; }

    /// <summary>The addresses of a target; a test's inventory.</summary>
    public StationAddresses AddressesOf { get; set; } = target => [target];

    public BlockStore Store => _store!;

    public RuleDatabase Database => _database!;

    public BlockTable Table { get; private set; } = null!;

    public ProtectedAddresses Protected { get; private set; } = null!;

    public BlockEnforcer Enforcer { get; private set; } = null!;

    public Candidate Candidate { get; private set; } = null!;

    public PolicyCheck Check { get; } = new(new NoFeeds());

    public DefaultPolicy Default { get; set; } = DefaultPolicy.Named(DefaultPolicy.Open);

    public RulesetTable RulesetTable { get; private set; } = null!;

    public RulesetStore Rulesets { get; private set; } = null!;

    public HealthBoard Board { get; }

    public CommitBoard Commits { get; } = new();

    /// <summary>Another one when the machine was started anew.</summary>
    public BootMark Boot { get; set; } = new("boot-1");

    public RuleBook Rules => new(Kernel ?? Firewall, Enforcer, Store, Protected, new RuleHits(new AbsentRuleset(), Clock));

    public static async Task<RuleBench> OpenAsync(RecordingFirewall? firewall = null, BlockOptions? options = null, FixedHost? host = null)
    {
        var bench = new RuleBench(firewall ?? new RecordingFirewall(), options ?? new BlockOptions(), host ?? new FixedHost("192.0.2.1"));
        await bench.ReopenAsync();
        return bench;
    }

    /// <summary>Forgets all that is in memory, as a killed process does, and starts from the file.</summary>
    public async Task ReopenAsync()
    {
        Close();
        _database = new RuleDatabase(Paths, Clock, NullLogger<RuleDatabase>.Instance);
        Table = new BlockTable(_database);
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        Protected = new ProtectedAddresses(new ProtectedTable(_database), Host, options, Clock);
        Enforcer = new BlockEnforcer(Kernel ?? Firewall, new RulesetIntent(Protected), target => AddressesOf(target), NullLogger<BlockEnforcer>.Instance);
        Candidate = new Candidate(new CandidateTable(_database), Check, Default, Kernel ?? Firewall, Clock);
        _store = new BlockStore(Enforcer, Table, new BlockAdmission(Protected, options, Clock), Clock, NullLogger<BlockStore>.Instance);
        RulesetTable = new RulesetTable(_database, Boot);
        var force = new PolicyForce(Rules, Check, new LastGoodFile(Paths, Board, NullLogger<LastGoodFile>.Instance), Commits);
        Rulesets = new RulesetStore(RulesetTable, Candidate, force, Default, Clock);
        Rulesets.Recover();
        await _store.LoadAsync(CancellationToken.None);
    }

    /// <summary>Closes the file and overwrites it, as a failing card does.</summary>
    public void Damage()
    {
        Close();
        File.WriteAllBytes(Path.Combine(Paths.State, RuleDatabase.FileName), [.. Enumerable.Repeat((byte)7, 8192)]);
    }

    public void Dispose()
    {
        Close();
        _folder.Dispose();
    }

    private void Close()
    {
        _store?.Dispose();
        Rulesets?.Dispose();
        _database?.Dispose();
    }
}
