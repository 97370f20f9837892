using System.Globalization;
using Appliance.Benchmarks.Traffic;
using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Flows;

namespace Appliance.Benchmarks.Live;

/// <summary>Packets of 64 bytes over a virtual cable into the Router's ring, decoder and flow table, at a given rate.</summary>
internal static class LiveMeasurement
{
    // A call costs the kernel a millisecond of preparation, so many packets share one; they come in bursts, one every 5.5 ms at the highest rate.
    private const int Batch = 8192;
    private const int FirstPort = 1024;
    private const int Flows = 1024;

    // A million, and what a gigabit a second carries of the shortest frames.
    private static readonly int[] UsualRates = [1_000_000, 1_488_000];

    /// <param name="arguments">Packets a second (several with commas), seconds, runs, blocks of the ring; all optional.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var rates = arguments.Length > 0 ? arguments[0].Split(',').Select(rate => int.Parse(rate, CultureInfo.InvariantCulture)) : UsualRates;
        var seconds = Argument(arguments, 1, 10);
        var runs = Argument(arguments, 2, 5);
        var blocks = Argument(arguments, 3, new CaptureOptions().RingBlocks);
        Console.WriteLine("| wanted packets/s | sent packets/s | sent | lost | ns a packet (CPU of the capturing thread) | ns a packet (CPU of the sender) | bytes allocated a packet |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var rate in rates)
        {
            for (var run = 0; run < runs; run++)
            {
                var result = await MeasureAsync(rate, seconds, blocks);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {rate} | {result.PacketsPerSecond:0} | {result.Sent} | {result.Lost} | {result.NanosecondsPerPacket:0.0} | {result.SenderNanosecondsPerPacket:0.0} | {result.BytesPerPacket:0.0000} |"));
            }
        }

        return 0;
    }

    private static async Task<LiveResult> MeasureAsync(int rate, int seconds, int blocks)
    {
        using var cable = new Cable();
        using var ring = cable.Near.Run(() => new PacketRing(Cable.Interface, new CaptureOptions { RingBlocks = blocks }, TimeProvider.System));
        using var sender = new KernelSender(cable.Far, Cable.Interface, Datagram.Bytes(Cable.NearStation), FirstPort, Flows);
        using var stop = new CancellationTokenSource();
        var receiver = OnThread(() => Receive(ring, stop.Token));
        var (sent, time, senderBusy) = await OnThread(() => sender.Run(() => Send(sender, rate, seconds)));
        await stop.CancelAsync();
        var (captured, busy, allocated) = await receiver;
        return new LiveResult(sent, time, captured, ring.DroppedCount, busy, senderBusy, allocated);
    }

    private static (long Sent, double Seconds, TimeSpan Busy) Send(KernelSender sender, int rate, long seconds)
    {
        var start = TimeProvider.System.GetTimestamp();
        var wanted = rate * seconds;
        var (sent, busy) = (0L, TimeSpan.Zero);
        while (sent < wanted)
        {
            var begin = Libc.ReadThreadTime();
            sender.Send(Batch);
            busy += Libc.ReadThreadTime() - begin;
            sent += Batch;

            // A sleep is too coarse: a batch is due every 5.5 milliseconds or more.
            while (TimeProvider.System.GetElapsedTime(start).TotalSeconds * rate < sent)
            {
                Thread.SpinWait(20);
            }
        }

        return (sent, TimeProvider.System.GetElapsedTime(start).TotalSeconds, busy);
    }

    private static (long Captured, TimeSpan Busy, long Allocated) Receive(PacketRing ring, CancellationToken stop)
    {
        var flows = new SentFlows();
        var path = new PacketPath(new FlowOptions(), new NoSink(), flows);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var begin = Libc.ReadThreadTime();

        // It waits in the kernel, so it never leaves this thread.
        path.RunAsync(ring, stop).GetAwaiter().GetResult();
        var busy = Libc.ReadThreadTime() - begin;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        path.Finish();
        return (flows.Packets, busy, allocated);
    }

    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static int Argument(string[] arguments, int index, int otherwise) =>
        index < arguments.Length ? int.Parse(arguments[index], CultureInfo.InvariantCulture) : otherwise;
}
