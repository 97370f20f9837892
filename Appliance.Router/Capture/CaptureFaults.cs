using System.Buffers.Binary;
using System.Globalization;

namespace Appliance.Router.Capture;

/// <summary>Words for what is wrong with a capture file: the thing, both values, the way out.</summary>
internal sealed class CaptureFaults(string path)
{
    public CaptureFault Missing() => new(
        CaptureFaultKind.Missing, 0, 1, 0, $"{path}: there is no such file; check the name");

    public CaptureFault Unreadable(long offset, string reason) => new(
        CaptureFaultKind.Unreadable, offset, 0, 0, Invariant($"{path}: cannot be read at byte {offset}: {reason}"));

    public CaptureFault Empty() => new(
        CaptureFaultKind.Empty, 0, 24, 0, $"{path}: the file is empty, a capture has at least 24 bytes; record it again");

    public CaptureFault NotCapture(ReadOnlySpan<byte> first)
    {
        Span<byte> magic = stackalloc byte[4];
        first[..Math.Min(4, first.Length)].CopyTo(magic);
        var found = BinaryPrimitives.ReadUInt32BigEndian(magic);
        var remedy = found >> 16 == 0x1f8b ? "it is compressed: unpack it with gunzip" : "give a capture in pcap or pcapng format";
        return new(CaptureFaultKind.NotCapture, 0, 0xa1b2c3d4, found, Invariant($"{path}: begins with 0x{found:x8}, a capture with 0xa1b2c3d4 (pcap) or 0x0a0d0d0a (pcapng); {remedy}"));
    }

    public CaptureFault Truncated(long offset, long expected, long found) => new(
        CaptureFaultKind.TruncatedRecord, offset, expected, found, Invariant($"{path}: the record at byte {offset} takes {expected} bytes, {found} are left; the file was cut short: copy it again"));

    public CaptureFault Absurd(long offset, long allowed, long claimed) => new(
        CaptureFaultKind.AbsurdLength, offset, allowed, claimed, Invariant($"{path}: the record at byte {offset} claims {claimed} bytes, at most {allowed} make sense; the file is damaged from there on"));

    public CaptureFault Malformed(long offset, string what, long expected, long found) => new(
        CaptureFaultKind.MalformedBlock, offset, expected, found, Invariant($"{path}: the block at byte {offset} has {what} {found} instead of {expected}; the file is damaged from there on"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
