using Appliance.Hosting.Errors;
using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

public sealed class BlockAdmissionTests
{
    [Theory]
    [InlineData("224.0.0.251", 3600, "target")]
    [InlineData("ff:ff:ff:ff:ff:ff", 3600, "target")]
    [InlineData("203.0.113.7", 0.5, "duration")]
    [InlineData("203.0.113.7", 2_592_001, "duration")]
    public async Task Requests_that_make_no_sense_name_their_field(string target, double seconds, string field)
    {
        using var bench = await RuleBench.OpenAsync();

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => bench.Store.CreateAsync(Ask(target, seconds), CancellationToken.None));

        Assert.Equal([field], error.Faults.Select(fault => fault.Field));
    }

    [Theory]
    [InlineData("02:00:5e:00:53:01", 100, "target")]
    [InlineData("203.0.113.7", 0, "packets_per_second")]
    [InlineData("203.0.113.7", 1_000_001, "packets_per_second")]
    public async Task Rate_limits_need_an_address_and_a_rate(string target, int packetsPerSecond, string field)
    {
        using var bench = await RuleBench.OpenAsync();

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => bench.Store.CreateAsync(AskLimit(target, packetsPerSecond), CancellationToken.None));

        Assert.Equal([field], error.Faults.Select(fault => fault.Field));
    }

    [Fact]
    public async Task Only_so_many_blocks_a_minute_are_made_and_extending_is_free()
    {
        using var bench = await RuleBench.OpenAsync(options: new BlockOptions { MaxBlocksPerMinute = 2 });
        await bench.Store.CreateAsync(Ask("203.0.113.1"), CancellationToken.None);
        bench.Clock.Advance(TimeSpan.FromSeconds(30));
        await bench.Store.CreateAsync(Ask("203.0.113.2"), CancellationToken.None);

        await bench.Store.CreateAsync(Ask("203.0.113.2"), CancellationToken.None);
        var error = await Assert.ThrowsAsync<LimitExceededException>(() => bench.Store.CreateAsync(Ask("203.0.113.3"), CancellationToken.None));
        bench.Clock.Advance(TimeSpan.FromSeconds(30));
        await bench.Store.CreateAsync(Ask("203.0.113.3"), CancellationToken.None);

        Assert.Equal("BLOCK_RATE", error.Reason);
        Assert.Equal(3, bench.Store.All.Count);
    }

    [Fact]
    public async Task Only_so_many_blocks_stand_at_once()
    {
        using var bench = await RuleBench.OpenAsync(options: new BlockOptions { MaxBlocks = 1 });
        await bench.Store.CreateAsync(Ask("203.0.113.1"), CancellationToken.None);

        var error = await Assert.ThrowsAsync<LimitExceededException>(() => bench.Store.CreateAsync(Ask("203.0.113.2"), CancellationToken.None));

        Assert.Equal("TOO_MANY_BLOCKS", error.Reason);
    }
}
