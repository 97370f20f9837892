using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;

namespace Appliance.Router.Tests.Flows;

/// <summary>A packet path, packets put on it by hand, and what it told.</summary>
internal sealed class Wire
{
    public const long Second = 1_000_000_000;
    public const string Client = "10.0.0.1";
    public const string Server = "10.0.0.2";

    // Any moment that is not zero.
    private const long Start = 1_700_000_000 * Second;

    public Wire(FlowOptions? options = null)
    {
        Path = new PacketPath(options ?? new FlowOptions { Capacity = 4096 }, Sink, Sink, Sink);
    }

    public PacketPath Path { get; }

    public RecordingSink Sink { get; } = new();

    public IEnumerable<FlowEventKind> Kinds => Sink.Kinds;

    public Flow LastTold => Sink.Events[^1].Flow;

    public static long At(double seconds) => Start + (long)(seconds * Second);

    /// <summary>A TCP segment; flags as letters: S, A, F, R, P.</summary>
    public Wire Tcp(double at, string source, int sourcePort, string destination, int destinationPort, string flags, byte[]? payload = null, uint sequence = 0, uint acknowledgment = 0)
    {
        var bits = flags.Aggregate(TcpControl.None, (all, letter) => all | letter switch
        {
            'S' => TcpControl.Syn,
            'A' => TcpControl.Ack,
            'F' => TcpControl.Fin,
            'R' => TcpControl.Rst,
            _ => TcpControl.Psh,
        });
        return Put(at, Frames.IPv4Frame(source, destination, 6, Frames.Tcp(sourcePort, destinationPort, (byte)bits, payload, sequence, acknowledgment)));
    }

    /// <summary>A segment from the client's port 1000 to the server's port 80.</summary>
    public Wire Out(double at, string flags, byte[]? payload = null, uint sequence = 100, uint acknowledgment = 501) =>
        Tcp(at, Client, 1000, Server, 80, flags, payload, sequence, acknowledgment);

    /// <summary>A segment the other way.</summary>
    public Wire In(double at, string flags, byte[]? payload = null, uint sequence = 500, uint acknowledgment = 101) =>
        Tcp(at, Server, 80, Client, 1000, flags, payload, sequence, acknowledgment);

    public Wire Udp(double at, string source, int sourcePort, string destination, int destinationPort, byte[]? payload = null) =>
        Put(at, Frames.IPv4Frame(source, destination, 17, Frames.Udp(sourcePort, destinationPort, payload ?? [1])));

    public Wire Icmp(double at, string source, string destination, byte type, byte code, byte[]? payload = null) =>
        Put(at, Frames.IPv4Frame(source, destination, 1, Frames.Icmp(type, code, payload)));

    public Wire Put(double at, byte[] frame)
    {
        Path.Process(new Frame(frame, frame.Length, At(at), LinkType.Ethernet));
        return this;
    }

    /// <summary>Time goes by and nothing comes.</summary>
    public Wire Wait(double until)
    {
        Path.Run(new QuietSource(At(until)), CancellationToken.None);
        return this;
    }

    public Wire Finish()
    {
        Path.Finish();
        return this;
    }

    private sealed class QuietSource(long now) : IPacketSource
    {
        public long Now => now;

        public long DroppedCount => 0;

        public CaptureFault? Fault => null;

        public ReadOutcome Read(out Frame frame)
        {
            frame = default;
            return ReadOutcome.End;
        }

        public ValueTask WaitAsync(CancellationToken token) => ValueTask.CompletedTask;

        public void Halt()
        {
        }

        public void Dispose()
        {
        }
    }
}
