using Appliance.Router.Capture;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding.Routers;
using Appliance.Router.Tests.Decoding.Tunnels;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Decoding;

/// <summary>Frames that mutation starts from: one of each kind by hand, and the first of each capture at hand.</summary>
internal static class Seeds
{
    private const int FramesPerCapture = 60;

    public static List<ReadFrame> Frames()
    {
        var seeds = ByHand().Select(bytes => new ReadFrame(bytes, bytes.Length, 0, LinkType.Ethernet)).ToList();
        seeds.AddRange(OtherLinks());
        foreach (var folder in new[] { Checkout.Traffic, Checkout.Corpus }.OfType<string>().Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.pcap*"))
            {
                using var source = new CaptureFile(file);
                for (var i = 0; i < FramesPerCapture && source.Read(out var frame) == ReadOutcome.Frame; i++)
                {
                    seeds.Add(new ReadFrame(frame.Bytes.ToArray(), frame.OriginalLength, frame.Time, frame.Link));
                }
            }
        }

        return seeds;
    }

    private static IEnumerable<byte[]> ByHand()
    {
        var dns = Convert.FromHexString("123401000001000000000000076578616d706c6503636f6d0000010001");
        var datagram = Decoding.Frames.Udp(1000, 53, dns);
        foreach (var text in new[] { "220 FTP\r\n", "USER x\r\n", "530 no\r\n", "GET / HTTP/1.1\r\nAuthorization: Basic eA==\r\n\r\n", "HTTP/1.1 401 no\r\n", "login: ", "SSH-2.0-x\r\n" })
        {
            yield return Decoding.Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, Decoding.Frames.Tcp(1000, 21, 0x18, System.Text.Encoding.ASCII.GetBytes(text)));
        }

        yield return Decoding.Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, Decoding.Frames.Tcp(1000, 1883, 0x18, Convert.FromHexString("101000044d51545404c2003c000461626364")));
        yield return Decoding.Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 17, datagram);
        yield return Decoding.Frames.Ethernet(0x0800, Decoding.Frames.IPv4("10.0.0.1", "10.0.0.2", 17, datagram, options: new byte[8], more: true));
        yield return Decoding.Frames.Ethernet(0x0800, Decoding.Frames.IPv4("10.0.0.1", "10.0.0.2", 17, datagram, offset: 1480));
        yield return Decoding.Frames.IPv4Frame("10.0.0.2", "10.0.0.1", 1, Decoding.Frames.Icmp(3, 3, Decoding.Frames.IPv4("10.0.0.1", "10.0.0.2", 17, datagram)));
        foreach (var frame in Tunneled.Frames.Values)
        {
            yield return frame;
        }

        yield return Decoding.Frames.Ethernet(0x0806, Decoding.Frames.Arp(1, Decoding.Frames.SourceMac, "10.0.0.1", "10.0.0.2"));
        yield return [.. new byte[12], 0x88, 0xa8, 0, 1, 0x81, 0, 0, 2, 8, 0, .. Decoding.Frames.IPv4("10.0.0.1", "10.0.0.2", 17, datagram)];
        yield return Decoding.Frames.Ethernet(0x86dd, Decoding.Frames.IPv6("fd00::1", "fd00::2", 0, Decoding.Frames.Extension(43, 1, Decoding.Frames.Extension(60, 2, Decoding.Frames.FragmentExtension(17, 1, 0, more: true, datagram)))));
        yield return Decoding.Frames.Ethernet(0x86dd, Decoding.Frames.IPv6("fd00::1", "fd00::2", 58, [135, 0, 0, 0, 0, 0, 0, 0, .. Decoding.Frames.Address("fd00::2"), 1, 1, 2, 0, 0, 0, 0, 1]));
        yield return Advertisements.Frame(Advertisements.Message(8, Advertisements.Prefix("2001:db8::"), Advertisements.Servers(600, "fd00::53")));
        yield return Decoding.Frames.Ethernet(0x86dd, Decoding.Frames.IPv6("fd00::2", "fd00::1", 58, [1, 4, 0, 0, 0, 0, 0, 0, .. Decoding.Frames.IPv6("fd00::1", "fd00::2", 17, datagram)]));
    }

    private static IEnumerable<ReadFrame> OtherLinks()
    {
        var packet = Decoding.Frames.IPv4("10.0.0.1", "10.0.0.2", 6, Decoding.Frames.Tcp(1, 2, 0x02));
        (LinkType Link, byte[] Bytes)[] frames =
        [
            (LinkType.LinuxCooked, [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x81, 0, 0, 9, 8, 0, .. packet]),
            (LinkType.LinuxCooked2, [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, .. packet]),
            (LinkType.Null, [2, 0, 0, 0, .. packet]),
            (LinkType.Raw, packet),
        ];
        return frames.Select(frame => new ReadFrame(frame.Bytes, frame.Bytes.Length, 0, frame.Link));
    }
}
