using System.Globalization;
using Appliance.Benchmarks.Traffic;
using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Flows;

namespace Appliance.Benchmarks.Live;

/// <summary>Packets of 64 bytes over a virtual cable into the Router's ring, decoder and flow table, at a given rate.</summary>
internal static class LiveMeasurement
{
    private const int Batch = 64;
    private const int Flows = 1024;

    /// <param name="arguments">Packets a second, seconds, runs, blocks of the ring; all optional.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var rate = Argument(arguments, 0, 1_000_000);
        var seconds = Argument(arguments, 1, 10);
        var runs = Argument(arguments, 2, 5);
        var blocks = Argument(arguments, 3, new CaptureOptions().RingBlocks);
        Console.WriteLine("| sent packets/s | sent | lost | ns a packet (CPU of the capturing thread) | bytes allocated a packet |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: |");
        for (var run = 0; run < runs; run++)
        {
            var result = await MeasureAsync(rate, seconds, blocks);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {result.PacketsPerSecond:0} | {result.Sent} | {result.Lost} | {result.NanosecondsPerPacket:0.0} | {result.BytesPerPacket:0.0000} |"));
        }

        return 0;
    }

    private static async Task<LiveResult> MeasureAsync(int rate, int seconds, int blocks)
    {
        using var cable = new Cable();
        using var ring = cable.Near.Run(() => new PacketRing(Cable.Interface, new CaptureOptions { RingBlocks = blocks }, TimeProvider.System));
        using var sender = new Sender(cable.Far, Cable.Interface, [.. Enumerable.Range(0, Batch).Select(_ => Datagram.Bytes(Cable.NearStation))]);
        using var stop = new CancellationTokenSource();
        var receiver = OnThread(() => Receive(ring, stop.Token));
        var (sent, time) = await OnThread(() => Send(sender, rate, seconds));
        await stop.CancelAsync();
        var (captured, busy, allocated) = await receiver;
        return new LiveResult(sent, time, captured, ring.DroppedCount, busy, allocated);
    }

    private static (long Sent, double Seconds) Send(Sender sender, int rate, long seconds)
    {
        var start = TimeProvider.System.GetTimestamp();
        var wanted = rate * seconds;
        long sent = 0;
        while (sent < wanted)
        {
            for (var i = 0; i < Batch; i++)
            {
                Datagram.SetSourcePort(sender.Frame(i), (ushort)(1024 + ((sent + i) % Flows)));
            }

            sender.Send();
            sent += Batch;

            // A sleep is too coarse: a batch is due every 64 microseconds.
            while (TimeProvider.System.GetElapsedTime(start).TotalSeconds * rate < sent)
            {
                Thread.SpinWait(20);
            }
        }

        return (sent, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
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
