using Appliance.Router.Decoding.Tls;

namespace Appliance.Router.Tests.Decoding.Tls;

/// <summary>The examples of technical_details/JA4.md and of the test captures in https://github.com/FoxIO-LLC/ja4.</summary>
public sealed class Ja4Tests
{
    [Fact]
    public void The_published_example() =>
        Assert.Equal("t13d1516h2_8daaf6152771_e5627efa2ab1", Ja4.Of(Hellos.Read(Hellos.Message()), Ja4.Tcp));

    // sigalg-grease.pcapng: Chrome with post-quantum signature algorithms and values to be ignored among them.
    [Fact]
    public void The_published_example_with_grease_everywhere()
    {
        var hello = Hellos.Read(Hellos.Message(
            "3a3a,1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035",
            "8a8a,fe0d,0010,0017,0033,44cd,ff01,000a,000d,0023,002b,000b,ca34,002d,0000,0005,001b,0012,dada",
            "1a1a,0904,0905,0906,0403,0804,0401,0503,0805,0501,0806,0601",
            versions: "fafa,0304,0303"));

        Assert.Equal("t13d1517h2_8daaf6152771_cb7bf5808d99", Ja4.Of(hello, Ja4.Tcp));
    }

    // python/test/testdata: badcurveball.pcap, latest.pcapng (no protocol, TLS 1.2; a resumed session) and socks-https-example.pcap (the server name is the only extension).
    [Theory]
    [InlineData(
        "t13d1615h2_46e7e9700bed_45f260be83e2",
        "1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035,000a",
        "0000,0017,ff01,000a,000b,0023,0010,0005,000d,0012,0033,002d,002b,001b,0015",
        "0403,0804,0401,0503,0805,0501,0806,0601,0201")]
    [InlineData(
        "t12d190800_d83cc789557e_7af1ed941c26",
        "c02c,c02b,c030,c02f,c024,c023,c028,c027,c00a,c009,c014,c013,009d,009c,003d,003c,0035,002f,000a",
        "0000,0005,000a,000b,000d,0023,0017,ff01",
        "0804,0805,0806,0401,0501,0201,0403,0503,0203,0202,0601,0603")]
    [InlineData(
        "t13d1516h2_8daaf6152771_9b887d9acb53",
        Hellos.Ciphers,
        "000d,0010,0000,000b,0023,4469,ff01,0033,000a,002d,002b,0005,0017,0012,001b,0029",
        Hellos.Algorithms)]
    [InlineData(
        "t10d230100_6a57a6f57151_000000000000",
        "0039,0038,0035,0016,0013,000a,0033,0032,002f,009a,0099,0096,0005,0004,0015,0012,0009,0014,0011,0008,0006,0003,00ff",
        "0000",
        "",
        "0301")]
    public void Published_captures(string expected, string ciphers, string extensions, string algorithms, string version = "0303") =>
        Assert.Equal(expected, Ja4.Of(Hellos.Read(Hellos.Message(ciphers, extensions, algorithms, version: version)), Ja4.Tcp));

    // Chromium over QUIC, of the table in FoxIO's README.
    [Fact]
    public void The_published_example_over_quic()
    {
        var hello = Hellos.Read(Hellos.Message(
            "1301,1302,1303",
            "0000,0010,000a,000d,001b,0029,002b,002d,0033,0039,4469,fe0d",
            "0403,0804,0401,0503,0805,0501,0806,0601,0201",
            protocols: ["h3"u8.ToArray()],
            versions: "0304"));

        Assert.Equal("q13d0312h3_55b375c5d22e_06cda9e17597", Ja4.Of(hello, Ja4.Quic));
    }

    [Theory]
    [InlineData("0000,0010,002b", "d", "h2")]
    [InlineData("0010,002b", "i", "h2")]
    [InlineData("0000,002b", "d", "00")]
    [InlineData("002b", "i", "00")]
    public void Without_a_server_name_or_a_protocol_it_says_so(string extensions, string name, string protocol)
    {
        var fingerprint = Ja4.Of(Hellos.Read(Hellos.Message(extensions: extensions)), Ja4.Tcp);

        Assert.Equal((name, protocol), (fingerprint[3..4], fingerprint[8..10]));
    }

    [Fact]
    public void Without_signature_algorithms_nothing_stands_behind_the_extensions()
    {
        var fingerprint = Ja4.Of(Hellos.Read(Hellos.Message(algorithms: "")), Ja4.Tcp);

        Assert.Equal("t13d1516h2_8daaf6152771_6d807ffa2a79", fingerprint);
    }

    [Theory]
    [InlineData("ab", "ab")]
    [InlineData("abcd", "ad")]
    [InlineData("30ab", "3b")]
    [InlineData("3031abcd", "3d")]
    [InlineData("30abcd31", "01")]
    [InlineData("6832", "h2")]
    [InlineData("687474702f312e31", "h1")]
    [InlineData("78", "xx")]
    [InlineData("", "00")]
    public void The_first_protocol_gives_two_characters(string protocol, string expected)
    {
        var fingerprint = Ja4.Of(Hellos.Read(Hellos.Message(protocols: [Convert.FromHexString(protocol)])), Ja4.Tcp);

        Assert.Equal(expected, fingerprint[8..10]);
    }

    [Theory]
    [InlineData("0304,0303", "13")]
    [InlineData("0a0a,0303,0302", "12")]
    [InlineData("0302", "11")]
    [InlineData("0301", "10")]
    [InlineData("0300", "s3")]
    [InlineData("7f1c", "00")]
    public void The_highest_version_counts(string versions, string expected) =>
        Assert.Equal(expected, Ja4.Of(Hellos.Read(Hellos.Message(versions: versions)), Ja4.Tcp)[1..3]);

    [Fact]
    public void A_client_without_extensions_has_no_hash_of_them()
    {
        var fingerprint = Ja4.Of(Hellos.Read(Hellos.Message("", "", version: "0301")), Ja4.Quic);

        Assert.Equal("q10i000000_000000000000_000000000000", fingerprint);
    }

    [Fact]
    public void Counts_end_at_99()
    {
        var many = string.Join(',', Enumerable.Range(0x2000, 150).Select(number => $"{number:x4}"));

        Assert.Equal("t00i9999", Ja4.Of(Hellos.Read(Hellos.Message(many, many, version: "0000")), Ja4.Tcp)[..8]);
    }

    [Fact]
    public void More_than_256_of_something_has_no_fingerprint()
    {
        var many = string.Join(',', Enumerable.Range(0x2000, 257).Select(number => $"{number:x4}"));

        Assert.Equal("", Ja4.Of(Hellos.Read(Hellos.Message(many)), Ja4.Tcp));
    }
}
