using Appliance.Router.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

public sealed class BlockExpiryTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Expired_block_leaves_the_firewall_and_its_watchers_hear_of_it()
    {
        using var bench = await RuleBench.OpenAsync();
        using var expiry = new BlockExpiry(bench.Store, bench.Clock, NullLogger<BlockExpiry>.Instance);
        await expiry.StartAsync(CancellationToken.None);
        using var watch = bench.Store.Watch();
        var block = await bench.Store.CreateAsync(Ask("203.0.113.7", 600), CancellationToken.None);

        bench.Clock.Advance(TimeSpan.FromMinutes(11));

        await watch.Changes.ReadAsync().AsTask().WaitAsync(Guard);
        Assert.Equal(new BlockChange(block, EndCause.Expired), await watch.Changes.ReadAsync().AsTask().WaitAsync(Guard));
        Assert.Empty(bench.Firewall.Held);
        await expiry.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_fault_does_not_end_expiry()
    {
        using var bench = await RuleBench.OpenAsync();
        using var watch = bench.Store.Watch();
        await bench.Store.CreateAsync(Ask("203.0.113.7", 600), CancellationToken.None);
        await watch.Changes.ReadAsync();
        bench.Clock.Advance(TimeSpan.FromMinutes(11));
        bench.Firewall.Fault = new IOException("no kernel");
        using var expiry = new BlockExpiry(bench.Store, bench.Clock, NullLogger<BlockExpiry>.Instance);
        await expiry.StartAsync(CancellationToken.None);

        bench.Firewall.Fault = null;
        var ended = watch.Changes.ReadAsync().AsTask();
        while (!ended.IsCompleted)
        {
            // The loop's pause may begin after this advance, so time goes on until it has passed.
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(EndCause.Expired, (await ended).EndCause);
        await expiry.StopAsync(CancellationToken.None);
    }
}
