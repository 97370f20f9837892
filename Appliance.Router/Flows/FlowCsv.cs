using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>Writes flow records as comma-separated lines, a header first.</summary>
public sealed class FlowCsv : IFlowRecordSink, IDisposable
{
    public const string Header = "community_id,start,end,protocol,source,source_port,destination,destination_port,packets_out,bytes_out,packets_in,bytes_in,state,end_reason";

    // Two IPv6 addresses, two times, six numbers of 19 digits at most and four words are below 400.
    private const int MaxLine = 512;
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _used;

    /// <summary>Begins to write to a stream, which stays the caller's.</summary>
    public FlowCsv(Stream stream)
    {
        _stream = stream;
        _used = Encoding.ASCII.GetBytes(Header + "\n", _buffer);
    }

    public void Accept(in Flow flow)
    {
        if (_buffer.Length - _used < MaxLine)
        {
            Flush();
        }

        CommunityId.Write(flow, _buffer.AsSpan(_used));
        _used += CommunityId.Length;
        var key = flow.Key;
        Utf8.TryWrite(
            _buffer.AsSpan(_used),
            CultureInfo.InvariantCulture,
            $",{At(flow.StartTime):yyyy-MM-ddTHH:mm:ss.ffffffZ},{At(flow.EndTime):yyyy-MM-ddTHH:mm:ss.ffffffZ},{FlowWords.OfProtocol(key.Protocol)},{IPAddresses.ToIPAddress(key.Source)},{key.SourcePort},{IPAddresses.ToIPAddress(key.Destination)},{key.DestinationPort},{flow.PacketsOut},{flow.BytesOut},{flow.PacketsIn},{flow.BytesIn},{FlowWords.Of(flow.State)},{FlowWords.Of(flow.EndReason)}\n",
            out var written);
        _used += written;
    }

    public void Dispose() => Flush();

    private void Flush()
    {
        _stream.Write(_buffer, 0, _used);
        _used = 0;
    }

    private static DateTime At(long nanoseconds) => DateTime.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
