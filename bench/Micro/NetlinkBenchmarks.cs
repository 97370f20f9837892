using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using BenchmarkDotNet.Attributes;

namespace Appliance.Benchmarks.Micro;

/// <summary>Set elements to netlink bytes and back; figures are for one element of a message of 500.</summary>
[Config(typeof(QuickConfig))]
public class NetlinkBenchmarks
{
    private readonly SetElement[] _elements = new SetElement[ElementCodec.MaxElementsPerMessage];
    private readonly byte[] _buffer = new byte[ElementCodec.Size(ElementCodec.MaxElementsPerMessage)];
    private readonly List<HeldElement> _read = new(ElementCodec.MaxElementsPerMessage);
    private byte[] _message = [];

    [GlobalSetup]
    public void SetUp()
    {
        for (var i = 0; i < _elements.Length; i++)
        {
            _elements[i] = new SetElement(new BlockTarget(TargetKind.Address4, 0xC612_0000u + (uint)i), TimeSpan.FromHours(1), 0);
        }

        _message = _buffer.AsSpan(0, Write()).ToArray();
    }

    [Benchmark(OperationsPerInvoke = ElementCodec.MaxElementsPerMessage)]
    public int Write()
    {
        var writer = new MessageWriter(_buffer);
        ElementCodec.Write(ref writer, NetlinkProtocol.NewElement, NetlinkProtocol.Create, 1, BaseRuleset.Blocked4, _elements);
        return writer.Length;
    }

    [Benchmark(OperationsPerInvoke = ElementCodec.MaxElementsPerMessage)]
    public int Read()
    {
        _read.Clear();
        ElementCodec.TryRead(_message.AsSpan(NetlinkProtocol.HeaderLength), TargetKind.Address4, _read);
        return _read.Count == _elements.Length ? _read.Count : throw new InvalidDataException($"{_read.Count} elements were read back, {_elements.Length} were written.");
    }
}
