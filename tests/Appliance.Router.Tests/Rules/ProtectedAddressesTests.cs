using Appliance.Hosting.Errors;
using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

public sealed class ProtectedAddressesTests
{
    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("10.5.6.7")]
    [InlineData("02:00:5e:00:53:01")]
    [InlineData("2001:db8::9")]
    public async Task What_the_host_and_the_configuration_name_is_never_blocked(string target)
    {
        using var bench = await RuleBench.OpenAsync(
            options: new BlockOptions { ProtectedNetworks = ["10.0.0.0/8", "2001:db8::9"] },
            host: new FixedHost("192.0.2.1", "02:00:5e:00:53:01"));

        var error = await Assert.ThrowsAsync<BusyException>(() => bench.Store.CreateAsync(Ask(target), CancellationToken.None));

        Assert.Equal("PROTECTED_ADDRESS", error.Reason);
        Assert.Contains(target, error.Message);
        Assert.Empty(bench.Firewall.Held);
    }

    [Fact]
    public async Task A_protected_address_gets_no_rate_limit_either()
    {
        using var bench = await RuleBench.OpenAsync();

        await Assert.ThrowsAsync<BusyException>(() => bench.Store.CreateAsync(AskLimit("192.0.2.1"), CancellationToken.None));
    }

    [Fact]
    public async Task A_blocked_station_that_says_it_has_a_protected_address_does_not_cut_that_ones_connections()
    {
        using var bench = await RuleBench.OpenAsync();
        bench.AddressesOf = _ => [Target("192.0.2.1"), Target("10.0.0.7")];

        await bench.Store.CreateAsync(Ask("02:00:5e:00:53:07"), CancellationToken.None);

        Assert.Equal(["10.0.0.7"], bench.Firewall.Ended);
    }

    [Fact]
    public async Task A_new_protected_address_lifts_the_blocks_that_it_covers()
    {
        using var bench = await RuleBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None);
        var other = await bench.Store.CreateAsync(Ask("198.51.100.1"), CancellationToken.None);
        using var watch = bench.Store.Watch();

        bench.Protected.Create(Range("203.0.113.0/24"), "printers");
        await bench.Store.ReconcileAsync(CancellationToken.None);

        Assert.Equal([other], bench.Store.All);
        Assert.Equal(["198.51.100.1"], bench.Firewall.Held);
        Assert.Contains(Range("203.0.113.0/24"), bench.Firewall.Protected);
        Assert.Equal(EndCause.Protected, (await watch.Changes.ReadAsync()).EndCause);
    }

    [Fact]
    public async Task A_new_address_of_the_host_is_noticed()
    {
        using var bench = await RuleBench.OpenAsync();

        bench.Host.Ranges = ["192.0.2.1", "203.0.113.7"];

        Assert.True(bench.Protected.Refresh());
        Assert.False(bench.Protected.Refresh());
        Assert.NotNull(bench.Protected.Find(Target("203.0.113.7")));
    }

    [Fact]
    public async Task What_operators_added_outlives_a_restart_until_it_is_deleted()
    {
        using var bench = await RuleBench.OpenAsync();
        var made = bench.Protected.Create(Range("203.0.113.0/24"), "printers");
        var again = bench.Protected.Create(Range("203.0.113.9/24"), "printers once more");

        await bench.ReopenAsync();
        var kept = bench.Protected.Find(Target("203.0.113.7"));
        bench.Protected.Delete(made.Id);
        await bench.ReopenAsync();

        Assert.Equal((made, made), (again, kept));
        Assert.Null(bench.Protected.Find(Target("203.0.113.7")));
    }

    [Fact]
    public async Task Built_in_ones_cannot_be_deleted_and_unknown_ones_are_not_found()
    {
        using var bench = await RuleBench.OpenAsync();
        var builtIn = bench.Protected.All.Single(address => address.Range == Range("192.0.2.1"));

        var error = Assert.Throws<BusyException>(() => bench.Protected.Delete(builtIn.Id));

        Assert.Equal("BUILT_IN_PROTECTED_ADDRESS", error.Reason);
        Assert.Throws<NotFoundException>(() => bench.Protected.Delete("nothing"));
    }
}
