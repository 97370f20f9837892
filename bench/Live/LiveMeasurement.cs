using System.Globalization;
using Appliance.Benchmarks.Traffic;
using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Flows;

namespace Appliance.Benchmarks.Live;

/// <summary>Packets of 64 bytes over a virtual cable into the Router's ring, decoder and flow table, at a given rate.</summary>
internal static class LiveMeasurement
{
    private const int FirstPort = 1024;
    private const int Flows = 1024;

    // Not this machine's, or its kernel would route each packet and answer it (ICMP, port unreachable): most of the sender's time.
    private static readonly byte[] OtherStation = [0x02, 0, 0x5e, 0, 0x72, 0x02];

    // A million, and what a gigabit a second carries of the shortest frames.
    private static readonly int[] UsualRates = [1_000_000, 1_488_000];

    /// <param name="arguments">Packets a second (several with commas), seconds, runs, blocks of the ring; all optional.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var rates = arguments.Length > 0 ? arguments[0].Split(',').Select(rate => int.Parse(rate, CultureInfo.InvariantCulture)) : UsualRates;
        var seconds = Argument(arguments, 1, 10);
        var runs = Argument(arguments, 2, 5);
        var blocks = Argument(arguments, 3, new CaptureOptions().RingBlocks);
        Console.WriteLine("| wanted packets/s | sent packets/s | sent | lost | of them for want of room in the ring | ns a packet (CPU of the capturing thread) | bytes allocated a packet |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var rate in rates)
        {
            for (var run = 0; run < runs; run++)
            {
                var result = await MeasureAsync(rate, seconds, blocks);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {rate} | {result.PacketsPerSecond:0} | {result.Sent} | {result.Lost} | {result.Dropped} | {result.NanosecondsPerPacket:0.0} | {result.BytesPerPacket:0.0000} |"));
            }
        }

        return 0;
    }

    private static async Task<LiveResult> MeasureAsync(int rate, int seconds, int blocks)
    {
        using var cable = new Cable();
        using var ring = cable.Near.Run(() => new PacketRing(Cable.Interface, new CaptureOptions { RingBlocks = blocks }, TimeProvider.System));
        using var sender = new KernelSender(cable.Far, Cable.Interface, Datagram.Bytes(OtherStation), FirstPort, Flows);
        using var stop = new CancellationTokenSource();
        var receiver = OnThread(() => Receive(ring, stop.Token));
        var pace = await OnThread(() => cable.Far.Run(() => Send(sender, rate, seconds)));
        await stop.CancelAsync();
        var (captured, busy, allocated) = await receiver;
        return new LiveResult(pace.Sent, pace.Last / 1e9, captured, ring.DroppedCount, busy, allocated);
    }

    // The kernel takes the packets as far as the ring on the sender's processor, so what captures has another one, if there is one.
    private static Pace Send(KernelSender sender, int rate, int seconds)
    {
        Libc.StayOn(1 % Environment.ProcessorCount);
        return sender.Send(rate, seconds);
    }

    private static (long Captured, TimeSpan Busy, long Allocated) Receive(PacketRing ring, CancellationToken stop)
    {
        Libc.StayOn(0);
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
