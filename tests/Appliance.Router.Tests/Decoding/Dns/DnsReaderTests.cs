using Appliance.Router.Decoding.Dns;
using Appliance.Router.Tests.Decoding.Facts;
using static Appliance.Router.Tests.Decoding.Dns.DnsMessages;

namespace Appliance.Router.Tests.Decoding.Dns;

public sealed class DnsReaderTests
{
    private const ushort Query = 0x0100;

    [Fact]
    public void A_query_says_name_and_type()
    {
        var fact = Read(Message(Query, [Question(Name("cam.example"), DnsTypes.AddressV6)]));

        Assert.NotNull(fact);
        Assert.False(fact.IsResponse);
        Assert.Equal([new DnsQuestion("cam.example", DnsTypes.AddressV6)], fact.Questions);
    }

    [Fact]
    public void A_response_says_what_was_answered_through_pointers()
    {
        byte[] address = Record([0xc0, 12], DnsTypes.Address, [203, 0, 113, 10]);
        byte[] alias = Record([3, .. "www"u8, .. FirstName], DnsTypes.CanonicalName, [3, .. "cdn"u8, .. FirstName]);

        var fact = Read(Message(Reply, [Question(Name("cam.example"), 1)], [alias, address]));

        Assert.NotNull(fact);
        Assert.False(fact.IsPartial);
        Assert.Equal(["www.cam.example cdn.cam.example", "cam.example 203.0.113.10"], fact.Answers.Select(record => $"{record.Name} {record.Value}"));
    }

    [Fact]
    public void Names_that_point_at_each_other_do_not_become_more_text_than_a_message_has()
    {
        var longest = DnsMessages.Name(string.Join('.', Enumerable.Repeat(new string('\u0001', 60), 4)));
        var pointers = Enumerable.Repeat(DnsMessages.Record(DnsMessages.FirstName, 12, DnsMessages.FirstName), 60).ToArray();

        var fact = DnsMessages.Read(DnsMessages.Message(DnsMessages.Reply, [DnsMessages.Question(longest, 12)], pointers, additional: pointers))!;

        Assert.True(fact.IsPartial);
        Assert.InRange(fact.Weight, 8000, 16_000);
    }

    [Theory]
    [InlineData(DnsTypes.AddressV6, "20010db8000000000000000000000001", "2001:db8::1")]
    [InlineData(DnsTypes.AddressV6, "00000000000000000000ffff0a000001", "::ffff:10.0.0.1")]
    [InlineData(DnsTypes.Address, "0a0000", "")]
    [InlineData(DnsTypes.NamePointer, "0363616d00", "cam")]
    [InlineData(DnsTypes.MailExchange, "000a0363616d00", "cam")]
    [InlineData(DnsTypes.Service, "00000000005003687565c00c", "hue.x:80")]
    [InlineData(DnsTypes.Text, "046d643d31026964", "md=1 id")]
    [InlineData(DnsTypes.Text, "ff6d", "")]
    [InlineData(257, "0005", "")]
    public void A_record_says_its_content_as_text(int type, string content, string expected)
    {
        var fact = Read(Message(Reply, [Question(Name("x"), (ushort)type)], [Record(FirstName, (ushort)type, Convert.FromHexString(content))]));

        Assert.NotNull(fact);
        Assert.Equal(new DnsRecord("x", (ushort)type, 300, content.Length / 2, expected), Assert.Single(fact.Answers));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_failure_says_its_code(int code)
    {
        var fact = Read(Message((ushort)(Reply | code), [Question(Name("gone.example"), 1)]));

        Assert.NotNull(fact);
        Assert.True(fact.HasFailed);
        Assert.Equal(code, fact.ResponseCode);
    }

    [Fact]
    public void A_multicast_announcement_says_names_without_a_question()
    {
        var service = Record(Name("_hap._tcp.local"), DnsTypes.NamePointer, Name("Philips hue - 2476FF._hap._tcp.local"), recordClass: 0x8001);
        var address = Record(Name("hue.local"), DnsTypes.Address, [10, 0, 0, 9], recordClass: 0x8001);

        var fact = Read(Message(0x8400, [], [service], additional: [address]), DnsReader.MulticastPort);

        Assert.NotNull(fact);
        Assert.True(fact.IsMulticast);
        Assert.Equal("Philips hue - 2476FF._hap._tcp.local", Assert.Single(fact.Answers).Value);
        Assert.Equal("hue.local", Assert.Single(fact.Additional).Name);
    }

    [Fact]
    public void Authorities_and_options_are_no_answers()
    {
        var fact = Read(Message(Reply | 3, [Question(Name("x"), 1)], [], [Record([0], 6, new byte[22])], [Record([0], DnsTypes.Options, [])]));

        Assert.NotNull(fact);
        Assert.False(fact.IsPartial);
        Assert.Empty(fact.Answers);
        Assert.Empty(fact.Additional);
    }

    [Theory]
    [InlineData("c00c")]
    [InlineData("016101c00c")]
    [InlineData("c00e")]
    [InlineData("c0ff")]
    [InlineData("c0")]
    [InlineData("4161")]
    [InlineData("8161")]
    [InlineData("3f61")]
    public void A_name_that_circles_or_leaves_the_message_is_no_name(string name)
    {
        var fact = Read(Message(Query, [Question(Convert.FromHexString(name), 1)]));

        Assert.Null(fact);
    }

    [Fact]
    public void Two_names_that_point_at_each_other_end()
    {
        var first = Question(Name("x"), 1);
        byte[] circle = [1, (byte)'a', 0xc0, (byte)(12 + first.Length)];

        var fact = Read(Message(Reply, [first], [Record(circle, 1, [10, 0, 0, 1])]));

        Assert.NotNull(fact);
        Assert.True(fact.IsPartial);
        Assert.Empty(fact.Answers);
    }

    [Fact]
    public void A_name_ends_at_255_bytes()
    {
        byte[] label = Label(new byte[63]);
        byte[] longest = [.. label, .. label, .. label, .. Label(new byte[61]), 0];
        byte[] tooLong = [.. label, .. label, .. label, .. Label(new byte[62]), 0];

        var names = new[] { longest, tooLong }.Select(name => Read(Message(Query, [Question(name, 1)]))?.Questions[0].Name.Length);

        Assert.Equal([(250 * 4) + 3, null], names);
    }

    [Theory]
    [MemberData(nameof(Hostile.Names), MemberType = typeof(Hostile))]
    public void A_hostile_name_comes_out_plain(string name, string expected)
    {
        var fact = Read(Message(Query, [Question([.. Label(Hostile.Bytes(name)), 0], 1)]));

        Assert.Equal(expected, fact?.Questions[0].Name);
    }

    [Fact]
    public void A_dot_within_a_label_divides_nothing()
    {
        var fact = Read(Message(Query, [Question([.. Label("a.b"u8.ToArray()), .. Name("c")], 1)]));

        Assert.Equal(@"a\.b.c", fact?.Questions[0].Name);
    }

    [Fact]
    public void The_root_is_a_dot() => Assert.Equal(".", Read(Message(Query, [Question([0], 2)]))?.Questions[0].Name);

    [Fact]
    public void What_breaks_off_is_told_as_far_as_it_goes()
    {
        var whole = Message(Reply, [Question(Name("cam.example"), 1)], [Record(FirstName, 1, [10, 0, 0, 1]), Record(FirstName, 1, [10, 0, 0, 2])]);

        var fact = Read(whole[..^1]);

        Assert.NotNull(fact);
        Assert.True(fact.IsPartial);
        Assert.Equal("10.0.0.1", Assert.Single(fact.Answers).Value);
    }

    [Fact]
    public void No_more_than_64_of_a_kind_are_read()
    {
        var many = Enumerable.Repeat(Record(FirstName, 1, [10, 0, 0, 1]), 1000).ToArray();

        var fact = Read(Message(Reply, [Question(Name("x"), 1)], many));

        Assert.NotNull(fact);
        Assert.True(fact.IsPartial);
        Assert.Equal(64, fact.Answers.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234010000010000000000")]
    [InlineData("123401000000000000000000")]
    [InlineData("12342800000100000000000001780000010001")]
    [InlineData("1234010000010000000000000178000001abcd")]
    public void What_is_no_dns_gives_no_fact(string message) => Assert.Null(Read(Convert.FromHexString(message)));
}
