using System.Text;
using System.Text.Json;
using Appliance.Bmc.Board;

namespace Appliance.Bmc.Tests.Board;

public sealed class BoardAnswersTests
{
    private const int MutatedInputs = 120_000;

    private static readonly string[] Seeds =
    [
        """{"id":"Zk3AbCdEfGh0123456789","name":"User Session","description":"User Session","username":"root"}""",
        """{"response":[{"result":"ok"}]}""",
        """{"response":[{"result":"Invalid `type` parameter about"}]}""",
        """{"response":[{"result":[{"node1":"1","node2":"0","node3":"0","node4":"Unknown"}]}]}""",
        "{\"response\":[{\n\t\"node1\":0,\"node2\":1,\"node3\":0,\"node4\":0}]}",
        """{"response":[{"result":{"api":"1.1","bmcd_version":"2.3.7","board_model":"Turing Pi 2\u0000","board_revision":"v2.5.1","hostname":"turingpi","version":"2.1.0"}}]}""",
        """{"response":[{"result":[{"api":"1.1","buildroot":"\"Buildroot\"","ip":"Unknown","mac":"Unknown","version":"2.0.1"}]}]}""",
        """{"response":[{"result":[{"name":null,"module_name":"\ud83d\ude00 CM4","power_on_time":12,"uart_baud":115200},{"name":"a","module_name":null,"power_on_time":null,"uart_baud":null},{"name":"b","module_name":"","power_on_time":"7","uart_baud":null},{"name":"ü","module_name":null,"power_on_time":-5,"uart_baud":null}]}]}""",
        "{\"response\":[{\n\t\"code\":\t400,\n\t\"result\":\t\"mode or node is null\"}]}",
        """{"response":[{"result":"ok"}]}{"response":[{"result":"ok"}]}""",
        """{"response":[{"version":"1.1.0","buildtime":"2023-07-28","ip":"192.0.2.1","mac":"02:00:00:00:00:01"}]}""",
        """{"response":[{"result":[{"mode":"Device","node":"Node 1","route":"AlternativePort","bus_type":"Usb hub"}]}]}""",
        """{"response":[{"mode":1,"node":0}]}""",
        """{"response":[{"result":[{"device":"system fan","speed":3,"max_speed":6}]}]}""",
        """{"response":[{"uart":"login: \u001b[0m\r\n"}]}""",
        """{"handle":4294967295}""",
        "\"Ready\"",
        """{"Transferring":{"id":7,"process_name":"Node 1 os install service","size":9,"cancelled":false,"bytes_written":4}}""",
        """{"Done":[{"secs":1,"nanos":2},9]}""",
        """{"Error":"crc error. expected 1, calculated 2"}""",
        """{"response":[{"result":{"ip":[{"device":"br0","ip":"fe80::1","mac":"02:00:00:54:50:02"}],"storage":[{"name":"BMC","total_bytes":91004928,"bytes_free":1e3},{"name":"SD card","total_bytes":"5","bytes_free":null}]}}]}""",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"response":null}""")]
    [InlineData("""{"response":[]}""")]
    [InlineData("""{"response":[1]}""")]
    [InlineData("""{"response":[{}]}""")]
    [InlineData("""{"response":[{"result":[]}]}""")]
    [InlineData("""{"response":[{"result":"\ud800"}]}""")]
    [InlineData("<html>")]
    public void What_is_no_answer_is_not_read(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        var read = new[]
        {
            BoardAnswers.IsOk(bytes),
            BoardAnswers.TryReadToken(bytes, out _),
            BoardAnswers.TryReadPower(bytes, out _),
            BoardAnswers.TryReadAbout(bytes, out _),
            BoardAnswers.TryReadOther(bytes, out _),
            BoardAnswers.TryReadNotes(bytes, out _),
        };

        Assert.DoesNotContain(true, read);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_not_read()
    {
        byte[] body = [.. """{"response":[{"result":"o"""u8, 0xFF, .. """k"}]}"""u8];

        Assert.False(BoardAnswers.TryReadRefusal(body, out _));
    }

    [Theory]
    [InlineData("with spaces and a line\\n")]
    [InlineData("")]
    [InlineData("\\r\\nHost: other")]
    public void Token_that_could_not_stand_in_a_header_is_not_taken(string token)
    {
        Assert.False(BoardAnswers.TryReadToken(Encoding.UTF8.GetBytes($$"""{"id":"{{token}}"}"""), out _));
    }

    [Theory]
    [InlineData("12", 12.0)]
    [InlineData("\"12\"", 12.0)]
    [InlineData("null", null)]
    [InlineData("-1", null)]
    [InlineData("1e400", null)]
    [InlineData("99999999999", null)]
    public void Time_since_power_on_is_only_taken_when_it_can_be_one(string json, double? seconds)
    {
        var item = $$"""{"name":"a","module_name":"b","power_on_time":{{json}}}""";

        BoardAnswers.TryReadNotes(Encoding.UTF8.GetBytes($$$"""{"response":[{"result":[{{{item}}},{{{item}}},{{{item}}},{{{item}}}]}]}"""), out var notes);

        Assert.Equal(seconds, notes[0].PowerOnTime?.TotalSeconds);
    }

    [Fact]
    public void Texts_of_people_are_cut_to_a_length_that_can_be_shown()
    {
        var item = $$"""{"name":"{{new string('x', 5000)}}"}""";

        BoardAnswers.TryReadNotes(Encoding.UTF8.GetBytes($$$"""{"response":[{"result":[{{{item}}},{{{item}}},{{{item}}},{{{item}}}]}]}"""), out var notes);

        Assert.Equal(128, notes[0].Name.Length);
    }

    [Fact]
    public void No_mutated_answer_throws()
    {
        var random = new Random(20261124);
        var seeds = Seeds.Select(Encoding.UTF8.GetBytes).ToArray();
        var read = 0;

        for (var input = 0; input < MutatedInputs; input++)
        {
            var body = Mutate(seeds[random.Next(seeds.Length)], seeds, random);
            read += Read(body, input);
        }

        // Most mutations break the text; were nothing read or everything, nothing would have been tried.
        Assert.InRange(read, MutatedInputs / 20, MutatedInputs * 3);
    }

    /// <summary>All readers for what is JSON; for what is not they differ in nothing, so one of them in turn.</summary>
    private static int Read(byte[] body, int turn)
    {
        Func<bool>[] readers =
        [
            () => BoardAnswers.IsOk(body),
            () => BoardAnswers.TryReadToken(body, out _),
            () => BoardAnswers.TryReadRefusal(body, out _),
            () => BoardAnswers.TryReadPower(body, out _),
            () => BoardAnswers.TryReadAbout(body, out _),
            () => BoardAnswers.TryReadOther(body, out _),
            () => BoardAnswers.TryReadNotes(body, out _),
            () => BoardAnswers.TryReadResources(body, out _),
            () => BoardAnswers.TryReadFault(body, out _, out _),
            () => BoardAnswers.ReadAddress(body) != BoardResources.None,
            () => PortAnswers.TryReadUsb(body, out _),
            () => PortAnswers.TryReadFans(body, out _),
            () => PortAnswers.TryReadConsole(body, out _),
            () => TransferAnswers.TryReadHandle(body, out _),
            () => TransferAnswers.TryReadStatus(body, out _),
            () => BanText.TryRead(new BoardReply(System.Net.HttpStatusCode.OK, "text/plain", body).Text(), out _),
        ];
        return IsJson(body) ? readers.Count(read => read()) : readers[turn % readers.Length]() ? 1 : 0;
    }

    private static bool IsJson(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Mutate(byte[] seed, byte[][] seeds, Random random)
    {
        List<byte> body = [.. seed];
        for (var change = random.Next(1, 4); change > 0 && body.Count > 0; change--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(6))
            {
                case 0:
                    body[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    body[at] = "{}[]\",:0-e\\u"u8[random.Next(12)];
                    break;
                case 2:
                    body.RemoveRange(at, random.Next(1, Math.Min(16, body.Count - at) + 1));
                    break;
                case 3:
                    body.InsertRange(at, body.GetRange(at, random.Next(1, Math.Min(16, body.Count - at) + 1)));
                    break;
                case 4:
                    body.RemoveRange(at, body.Count - at);
                    break;
                default:
                    var other = seeds[random.Next(seeds.Length)];
                    body.InsertRange(at, other[random.Next(other.Length)..]);
                    break;
            }
        }

        return [.. body];
    }
}
