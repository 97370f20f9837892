using System.Text;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Names;
using Appliance.Router.Tests.Decoding.Facts;

namespace Appliance.Router.Tests.Decoding.Names;

public sealed class SsdpReaderTests
{
    private const string Announcement =
        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nLocation: http://10.0.0.9:80/description.xml\r\n"
        + "SERVER:Linux/3.14.0 UPnP/1.0 IpBridge/1.9.0\r\nNT: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\n\r\n";

    [Fact]
    public void An_announcement_says_product_and_place()
    {
        var fact = Read(Announcement);

        Assert.Equal(
            new SsdpFact(default, SsdpKind.Announcement)
            {
                Target = "upnp:rootdevice",
                UniqueName = "uuid:1::upnp:rootdevice",
                Product = "Linux/3.14.0 UPnP/1.0 IpBridge/1.9.0",
                Location = "http://10.0.0.9:80/description.xml",
            },
            fact);
    }

    [Theory]
    [InlineData("M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\nUser-Agent: x\r\n\r\n", SsdpKind.Search)]
    [InlineData("HTTP/1.1 200 OK\r\nST: ssdp:all\r\nServer: x\r\n\r\n", SsdpKind.Answer)]
    public void A_search_and_its_answer_are_told_apart(string message, SsdpKind kind) =>
        Assert.Equal(new SsdpFact(default, kind) { Target = "ssdp:all", Product = "x" }, Read(message));

    [Theory]
    [InlineData("")]
    [InlineData("NOTIFY * HTTP/1.1")]
    [InlineData("NOTIFY /x HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    public void What_is_no_ssdp_gives_no_fact(string message) => Assert.Null(Read(message));

    [Fact]
    public void A_message_that_breaks_off_is_told_as_far_as_it_goes() => Assert.Equal("upnp:rootdevice", Read(Announcement[..^20])?.Target);

    [Theory]
    [InlineData("a\u001b[31m\u202eb", @"a\027[31m\226\128\174b")]
    [InlineData("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>")]
    public void A_hostile_product_comes_out_plain(string product, string expected) =>
        Assert.Equal(expected, Read($"NOTIFY * HTTP/1.1\r\nSERVER: {product}\r\n\r\n")?.Product);

    [Fact]
    public void A_product_of_64_KiB_is_cut()
    {
        var fact = Read($"NOTIFY * HTTP/1.1\r\nSERVER: {Encoding.ASCII.GetString(Hostile.Huge)}\r\n\r\n");

        Assert.Equal(PlainText.MaxBytes + 1, fact?.Product.Length);
    }

    private static SsdpFact? Read(string message) => SsdpReader.TryRead(Encoding.UTF8.GetBytes(message), default, out var fact) ? fact : null;
}
