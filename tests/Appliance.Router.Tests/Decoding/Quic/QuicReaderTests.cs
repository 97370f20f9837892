using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Quic;
using Appliance.Router.Decoding.Streams;
using Appliance.Router.Decoding.Tls;
using Appliance.Router.Tests.Decoding.Facts;
using Appliance.Router.Tests.Decoding.Tls;
using static Appliance.Router.Tests.Decoding.Quic.QuicPackets;

namespace Appliance.Router.Tests.Decoding.Quic;

public sealed class QuicReaderTests
{
    // RFC 9001, A.2: the ClientHello of the example, and the beginning of the packet that carries it.
    private const string RfcHello =
        "010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e"
        + "000500050100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c00024001003900320408ffff"
        + "ffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff";

    private const string RfcPacket =
        "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d92ec356c0bab7df5976d27cd449f63300099f3991c260ec4c60d17b31f8429157bb35a1282a643a8d2262cad67500cadb8e7378c8eb7539ec4d4905fed1bee1fc8aafba17c750e2c7ace01e6005f80fcb7df6212";

    private readonly StreamHead _head = new();

    [Theory]
    [InlineData(QuicKeys.Version1, "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c", "9f50449e04a0e810283a1e9933adedd2")]
    [InlineData(QuicKeys.Version2, "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f", "45b95e15235d6f45a6b19cbcb0294ba9")]
    public void Keys_are_those_of_the_published_examples(uint version, string key, string nonce, string mask)
    {
        var keys = Keys(version, ConnectionId);

        Assert.Equal((key, nonce, mask), (Convert.ToHexStringLower(keys.Key), Convert.ToHexStringLower(keys.Nonce), Convert.ToHexStringLower(keys.Mask)));
    }

    [Fact]
    public void The_published_packet_says_its_server_name()
    {
        var packet = Initial(Crypto(0, Convert.FromHexString(RfcHello)));

        var (verdict, fact) = Read(packet);

        Assert.StartsWith(RfcPacket, Convert.ToHexStringLower(packet), StringComparison.Ordinal);
        Assert.Equal(StreamVerdict.Complete, verdict);
        Assert.Equal(("example.com", "alpn", true), (fact!.ServerName, fact.Protocols[0], fact.IsQuic));
        Assert.StartsWith("q13d0211an_", fact.Fingerprint, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_2_is_read_too() =>
        Assert.Equal("cam.example", Read(Initial(Crypto(0, Hellos.Message()), QuicKeys.Version2)).Fact?.ServerName);

    [Fact]
    public void A_hello_in_shuffled_frames_of_two_datagrams_is_put_together()
    {
        var message = Hellos.Message();
        var first = Read(Initial([.. Crypto(200, message[200..]), 1, 0, 0, .. Crypto(50, message[50..120])]));

        var second = Read(Initial([2, 1, 0, 0, 1, .. Crypto(0, message[..50]), .. Crypto(120, message[120..200])], number: 3, token: new byte[100]));

        Assert.Equal(StreamVerdict.Incomplete, first.Verdict);
        Assert.Equal("cam.example", second.Fact?.ServerName);
    }

    [Fact]
    public void Packets_that_share_a_datagram_are_all_read()
    {
        var message = Hellos.Message();

        var (_, fact) = Read([.. Initial(Crypto(0, message[..100])), .. Initial(Crypto(100, message[100..]), number: 3)]);

        Assert.Equal("cam.example", fact?.ServerName);
    }

    [Fact]
    public void A_packet_changed_on_the_way_is_foreign()
    {
        var packet = Initial(Crypto(0, Hellos.Message()));
        packet[^1] ^= 1;

        Assert.Equal(StreamVerdict.Foreign, Read(packet).Verdict);
    }

    [Theory]
    [InlineData("")]
    [InlineData("40")]
    [InlineData("c0")]
    [InlineData("c00000000115")]
    [InlineData("e0000000010000000044000000000000000000000000000000000000000000000000")]
    [InlineData("c0000000990000000044000000000000000000000000000000000000000000000000")]
    [InlineData("c000000001000000ffffffffffffffff00000000000000000000000000000000")]
    [InlineData("c00000000100000001000000000000000000000000000000")]
    public void What_is_no_initial_packet_is_foreign(string datagram) => Assert.Equal(StreamVerdict.Foreign, Read(Convert.FromHexString(datagram)).Verdict);

    [Theory]
    [InlineData("1c0006")]
    [InlineData("02ffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("06ffffffffffffffff01aa")]
    [InlineData("060044ff")]
    public void Frames_that_may_not_be_end_the_packet(string frames)
    {
        QuicReader.Collect(Convert.FromHexString(frames), _head);

        Assert.Equal(0, _head.Length);
    }

    [Theory]
    [MemberData(nameof(Hostile.Names), MemberType = typeof(Hostile))]
    public void A_hostile_name_comes_out_plain(string name, string expected) =>
        Assert.Equal(expected, Read(Initial(Crypto(0, Hellos.Message(serverName: Hostile.Bytes(name))))).Fact?.ServerName);

    private (StreamVerdict Verdict, TlsHelloFact? Fact) Read(byte[] datagram)
    {
        var verdict = QuicReader.Read(datagram, _head, default, out Fact? fact);
        return (verdict, fact as TlsHelloFact);
    }
}
