using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Appliance.Router.Capture;

/// <summary>A filter expression (pcap-filter(7)), compiled by libpcap for one kind of link.</summary>
internal sealed class PacketFilter : IDisposable
{
    /// <summary>What there is to do when libpcap cannot be loaded.</summary>
    public const string LibraryIsMissing = "libpcap is missing; install it (Debian's package libpcap0.8)";

    private readonly BpfProgram _program;

    private PacketFilter(BpfProgram program) => _program = program;

    /// <summary>Compiles; null, with what is wrong and what to do, when libpcap refuses or is missing.</summary>
    public static PacketFilter? TryCompile(string expression, LinkType link, out string error) =>
        TryCompile(expression, () => BpfProgram.Create(Number(link), expression), out error);

    /// <summary>Compiles for an open device: for its kind of link, and for tags that the kernel takes off frames before a filter sees them.</summary>
    public static PacketFilter? TryCompile(string expression, LibPcapLiveDevice device, out string error) =>
        TryCompile(expression, () => BpfProgram.Create(device.Handle, expression), out error);

    /// <summary>Runs the filter here, over a frame that a file gave.</summary>
    public unsafe bool Matches(in Frame frame)
    {
        var header = new PcapRecordHeader { Captured = (uint)frame.Bytes.Length, Length = (uint)frame.OriginalLength };
        fixed (byte* bytes = frame.Bytes)
        {
            return _program.Matches((nint)(&header), (nint)bytes);
        }
    }

    /// <summary>The same filter for the kernel to run.</summary>
    public unsafe SocketFilter ForSocket()
    {
        // struct bpf_program: the count, then (aligned) the address of instructions of eight bytes each.
        var program = (byte*)_program.DangerousGetHandle();
        var instructions = new ReadOnlySpan<ulong>(*(void**)(program + sizeof(ulong)), *(int*)program);
        var filter = new SocketFilter(instructions);
        GC.KeepAlive(_program);
        return filter;
    }

    public void Dispose() => _program.Dispose();

    /// <summary>Whether libpcap itself could not be loaded; only then do its callers go on without it.</summary>
    public static bool IsMissingLibrary(Exception error) =>
        error is DllNotFoundException || (error is TypeInitializationException { InnerException: { } inner } && IsMissingLibrary(inner));

    // libpcap numbers links as its system does, and Linux has DLT_RAW at 12; files say 101 (pcap-linktype(7)).
    private static LinkLayers Number(LinkType link) => (LinkLayers)(link == LinkType.Raw ? 12 : (int)link);

    private static PacketFilter? TryCompile(string expression, Func<BpfProgram> compile, out string error)
    {
        try
        {
            error = "";
            return new PacketFilter(compile());
        }
        catch (PcapException refusal)
        {
            error = $"libpcap does not take it: {refusal.Message.TrimEnd()}; the language is described in pcap-filter(7)";
        }
        catch (Exception missing) when (IsMissingLibrary(missing))
        {
            error = $"{LibraryIsMissing}, or leave the filter empty";
        }

        return null;
    }
}
