using Appliance.Router.Export;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Export;

/// <summary>Wireshark finds no fault in what is exported, misses no record and sums up to the same.</summary>
[Trait("Category", "Slow")]
public sealed class DissectedExportTests
{
    [Theory]
    [InlineData(false, 512)]
    [InlineData(false, 1400)]
    [InlineData(true, 1400)]
    [InlineData(true, 9000)]
    public async Task A_recording_is_dissected_without_complaint(bool isTcp, int maxMessageBytes)
    {
        var told = ToldFlows.Of(Path.Combine(Checkout.Traffic, "benign-boot.pcapng"), TimeSpan.FromSeconds(1));
        var ended = told.Ended.ToList();
        var port = FreePorts.Take();
        using var collector = isTcp ? TestCollector.Tcp(port) : TestCollector.Udp(port);
        var options = ExportBench.To(isTcp ? ExportBench.Tcp(port) : ExportBench.Udp(port));
        options.MaxMessageBytes = maxMessageBytes;
        await using var bench = new ExportBench(options, activeInterval: TimeSpan.FromSeconds(1));
        await bench.StartAsync();

        told.Tell(bench.Queue, ..);
        var figures = bench.Collectors.Sessions[0].Figures;
        List<byte[]> messages = [];
        while (bench.Queue.Reader.Count > 0 || bench.Collectors.Sessions[0].QueuedCount > 0 || messages.Count < figures.MessagesCount)
        {
            messages.Add(await collector.ReadAsync());
        }

        var dissected = DissectedMessages.Of(messages, isTcp);

        Assert.Empty(dissected.Complaints);
        Assert.Equal(messages.Count, dissected.Messages.Count);
        Assert.All(messages, message => Assert.InRange(message.Length, 16, maxMessageBytes));
        Assert.All(dissected.Sequences(), number => Assert.Equal(number.Due, number.Stated));
        Assert.Equal(figures.FlowsCount, dissected.FlowsCount);
        Assert.True(dissected.FlowsCount > ended.Count, "the recording has flows that are told in parts");
        Assert.Equal(ended.Sum(flow => flow.PacketsOut + flow.PacketsIn), dissected.PacketsCount);
        Assert.Equal(ended.Sum(flow => flow.BytesOut + flow.BytesIn), dissected.BytesCount);
        Assert.Contains("dns", dissected.Applications);
    }
}
