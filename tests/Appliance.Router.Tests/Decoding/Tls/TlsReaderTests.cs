using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Streams;
using Appliance.Router.Decoding.Tls;
using Appliance.Router.Tests.Decoding.Facts;

namespace Appliance.Router.Tests.Decoding.Tls;

public sealed class TlsReaderTests
{
    [Fact]
    public void A_hello_says_name_protocols_and_fingerprint()
    {
        var (verdict, fact) = Read(Hellos.Record(Hellos.Message()));

        Assert.Equal(StreamVerdict.Complete, verdict);
        Assert.Equal(("cam.example", "t13d1516h2_8daaf6152771_e5627efa2ab1", false), (fact!.ServerName, fact.Fingerprint, fact.IsQuic));
        Assert.Equal(["h2", "http/1.1"], fact.Protocols);
    }

    [Fact]
    public void A_hello_in_several_records_is_put_together()
    {
        var message = Hellos.Message();

        var (verdict, fact) = Read([.. Hellos.Record(message[..3]), .. Hellos.Record(message[3..100]), .. Hellos.Record(message[100..])]);

        Assert.Equal(StreamVerdict.Complete, verdict);
        Assert.Equal("cam.example", fact!.ServerName);
    }

    [Fact]
    public void Every_beginning_of_a_hello_is_incomplete()
    {
        var message = Hellos.Message();
        byte[] stream = [.. Hellos.Record(message[..100]), .. Hellos.Record(message[100..])];

        Assert.All(Enumerable.Range(1, stream.Length - 1), length => Assert.Equal(StreamVerdict.Incomplete, Read(stream[..length]).Verdict));
    }

    [Fact]
    public void What_follows_a_hello_is_left_alone() =>
        Assert.Equal(StreamVerdict.Complete, Read([.. Hellos.Record(Hellos.Message()), 20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 9]).Verdict);

    [Theory]
    [InlineData("17030300050100000100")]
    [InlineData("16020300050100000100")]
    [InlineData("16030300050200000100")]
    [InlineData("16030300050100000199")]
    [InlineData("1603030000")]
    [InlineData("16030300030100001703030001")]
    public void What_is_no_hello_is_foreign(string stream) => Assert.Equal(StreamVerdict.Foreign, Read(Convert.FromHexString(stream)).Verdict);

    [Theory]
    [MemberData(nameof(Hostile.Names), MemberType = typeof(Hostile))]
    public void A_hostile_name_comes_out_plain(string name, string expected)
    {
        var (_, fact) = Read(Hellos.Record(Hellos.Message(serverName: Hostile.Bytes(name), protocols: [Hostile.Bytes(name)])));

        Assert.Equal((expected, expected), (fact!.ServerName, fact.Protocols[0]));
    }

    [Fact]
    public void A_name_that_fills_the_record_is_cut()
    {
        var (_, fact) = Read(Hellos.Record(Hellos.Message(serverName: Hostile.Huge[..15_000])));

        Assert.Equal(PlainText.MaxBytes + 1, fact!.ServerName.Length);
    }

    [Theory]
    [InlineData("0304,0303", 0x0304)]
    [InlineData("0303,fafa", 0x0303)]
    public void The_version_is_the_highest_that_is_meant(string versions, ushort expected) =>
        Assert.Equal(expected, Read(Hellos.Record(Hellos.Message(extensions: "0000,002b", versions: versions))).Fact!.Version);

    private static (StreamVerdict Verdict, TlsHelloFact? Fact) Read(byte[] stream)
    {
        var verdict = TlsReader.Read(stream, default, out var fact);
        return (verdict, fact as TlsHelloFact);
    }
}
