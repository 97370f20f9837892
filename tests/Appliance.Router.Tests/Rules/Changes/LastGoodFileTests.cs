using System.Security.Cryptography;
using Appliance.Hosting.Health;
using Appliance.Router.Rules.Changes;
using static Appliance.Router.Tests.Rules.Changes.SamplePolicies;

namespace Appliance.Router.Tests.Rules.Changes;

public sealed class LastGoodFileTests
{
    [Fact]
    public async Task Only_a_confirmed_ruleset_is_kept_and_without_its_blocks()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        await bench.Store.CreateAsync(Samples.Ask("203.0.113.7"), CancellationToken.None);
        await bench.ApplyAsync(With(Drop("b")));

        await bench.ReopenAsync();

        Assert.Equal("a Drop", Script(bench));
        Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData("a Drop"u8))}  ruleset.nft\n", Read(bench, LastGoodFile.DigestName));
        Assert.DoesNotContain(Directory.EnumerateFiles(bench.Paths.State), path => path.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_start_writes_it_and_a_damaged_one_is_written_anew()
    {
        using var bench = await RuleBench.OpenAsync();
        var first = File.Exists(Path.Combine(bench.Paths.State, LastGoodFile.FileName));
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        await File.WriteAllTextAsync(Path.Combine(bench.Paths.State, LastGoodFile.FileName), "a Dr", TestContext.Current.CancellationToken);

        await bench.ReopenAsync();

        Assert.True(first);
        Assert.Equal("a Drop", Script(bench));
    }

    [Fact]
    public async Task What_is_left_of_a_cut_replacement_is_always_one_of_the_scripts_that_the_digests_name()
    {
        using var bench = await RuleBench.OpenAsync();
        var path = Path.Combine(bench.Paths.State, LastGoodFile.FileName);
        await bench.ApplyAndConfirmAsync(With(Drop("a")));
        // A folder in the way of the script's part file: its writer fails behind the first digests, as if killed there.
        Directory.CreateDirectory(path + ".part");

        await bench.ApplyAndConfirmAsync(With(Drop("b")));
        var part = bench.Board.Snapshot.Single(part => part.Part == LastGoodFile.Part);
        var digests = Read(bench, LastGoodFile.DigestName);

        Assert.Equal(("a Drop", PartState.Degraded), (Script(bench), part.State));
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData("a Drop"u8)), digests);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData("b Drop"u8)), digests);
        Assert.Equal("b", bench.InForce());
    }

    [Fact]
    public async Task It_names_no_devices_that_are_not_there_at_boot()
    {
        using var bench = await RuleBench.OpenAsync();
        var policy = With(Drop("a"));

        await bench.ApplyAndConfirmAsync(policy with { Protections = policy.Protections with { Flowtable = true } });
        await bench.ReopenAsync();

        Assert.Equal("a Drop", Script(bench));
        Assert.True(bench.Firewall.State.Policy.Protections.Flowtable);
    }

    private static string Script(RuleBench bench) => Read(bench, LastGoodFile.FileName);

    private static string Read(RuleBench bench, string name) => File.ReadAllText(Path.Combine(bench.Paths.State, name));
}
