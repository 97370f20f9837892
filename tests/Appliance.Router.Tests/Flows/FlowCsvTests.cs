using System.Text;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;

namespace Appliance.Router.Tests.Flows;

public sealed class FlowCsvTests
{
    [Fact]
    public void A_flow_is_a_line_under_the_header_of_the_contract()
    {
        var flow = new Flow
        {
            Key = new FlowKey(Frames.Value("128.232.110.120"), Frames.Value("66.35.250.204"), 34855, 80, 6),
            StartTime = 1_700_000_000_123_456_789,
            EndTime = 1_700_000_001_000_000_000,
            PacketsOut = 3,
            BytesOut = 180,
            PacketsIn = 2,
            BytesIn = 120,
            State = FlowState.Refused,
            EndReason = EndReason.CaptureEnded,
        };

        var lines = Write(flow).Split('\n');

        Assert.Equal("community_id,start,end,protocol,source,source_port,destination,destination_port,packets_out,bytes_out,packets_in,bytes_in,state,end_reason", lines[0]);
        Assert.Equal("1:LQU9qZlK+B5F3KDmev6m5PMibrg=,2023-11-14T22:13:20.123456Z,2023-11-14T22:13:21.000000Z,tcp,128.232.110.120,34855,66.35.250.204,80,3,180,2,120,refused,capture-ended", lines[1]);
    }

    [Fact]
    public void The_longest_possible_lines_fit_by_the_thousand()
    {
        var flow = new Flow
        {
            Key = new FlowKey(Frames.Value("2001:db8:1111:2222:3333:4444:5555:6666"), Frames.Value("2001:db8:1111:2222:3333:4444:5555:7777"), 65535, 65535, 58),
            StartTime = long.MaxValue / 2,
            EndTime = long.MaxValue / 2,
            PacketsOut = long.MaxValue,
            BytesOut = long.MaxValue,
            PacketsIn = long.MaxValue,
            BytesIn = long.MaxValue,
            EndReason = EndReason.CaptureEnded,
        };

        var lines = Write([.. Enumerable.Repeat(flow, 1000)]).Split('\n');

        Assert.Equal(1002, lines.Length);
        Assert.Single(lines[1..^1].Distinct());
        Assert.Equal(13, lines[1].Count(letter => letter == ','));
    }

    private static string Write(params Flow[] flows)
    {
        using var stream = new MemoryStream();
        using (var csv = new FlowCsv(stream))
        {
            foreach (var flow in flows)
            {
                csv.Accept(flow);
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
