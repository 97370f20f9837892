using Appliance.Bmc.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation;

[Trait("Category", "Slow")]
public sealed class ReadBackTests
{
    private const int Size = 600_000;
    private const int FirstBlock = 512 * 1024;

    [Theory]
    [InlineData("2.3.7", FirstBlock)]
    [InlineData("2.3.4", FirstBlock)]
    [InlineData("2.0.5", Size)]
    public async Task Bytes_written_start_again_at_0_for_the_read_back_of_newer_daemons(string profile, long least)
    {
        var clock = new FakeTimeProvider();
        var options = new SimulatorOptions { Profile = BoardProfiles.Find(profile)!, Password = "x", Pace = 0 };
        var hardware = new BoardHardware(options, clock);
        using var transfer = new Transfer(1, new TransferRequest(0, "test", Size, null, Verify: true));
        var run = new TransferWorker(hardware, new FlashMode(hardware), options, clock, _ => { }).RunAsync(transfer, TestContext.Current.CancellationToken);
        await transfer.Pipe.Writer.WriteAsync(new byte[Size], TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => transfer.Written == Size);

        // From here on a byte takes a second, so the read-back moves with the clock alone.
        options.Faults.FlashBytesPerSecond = 1;
        await transfer.Pipe.Writer.CompleteAsync();
        await Clocks.UntilAsync(() => transfer.Written == least);
        var seen = new List<long>();
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromHours(1), () =>
        {
            seen.Add(transfer.Written);
            return run.IsCompleted;
        });
        await run;

        Assert.Equal((least, Size), (seen.Min(), seen[^1]));
    }
}
