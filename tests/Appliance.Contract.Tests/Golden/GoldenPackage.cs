using Appliance.Contract.Tests.Calls;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Appliance.Contract.Tests.Golden;

/// <summary>One proto package beside the bytes that are committed for it.</summary>
internal sealed class GoldenPackage
{
    private readonly GoldenFile _file;
    private readonly Filler _filler;
    private readonly Dictionary<string, FieldDescriptor> _fields;
    private readonly Dictionary<string, EnumValueDescriptor> _enumValues;

    public GoldenPackage(string package)
    {
        Name = package;
        _file = GoldenFile.Of(package);
        var file = ContractMethods.OwnFiles.Single(file => file.Package == package);
        Messages = [.. file.MessageTypes.SelectMany(WithNested)];
        _fields = Messages.SelectMany(message => message.Fields.InFieldNumberOrder()).ToDictionary(field => Short(field.FullName), StringComparer.Ordinal);
        _enumValues = file.EnumTypes.Concat(Messages.SelectMany(message => message.EnumTypes))
            .SelectMany(type => type.Values.Select(value => (Name: $"{type.FullName}.{value.Name}", Value: value)))
            .ToDictionary(entry => Short(entry.Name), entry => entry.Value, StringComparer.Ordinal);
        var first = _file.Names.Where(_fields.ContainsKey).Select(name => _fields[name]).DistinctBy(field => field.ContainingType)
            .ToDictionary(field => field.ContainingType);
        _filler = new Filler(type => first.GetValueOrDefault(type) ?? type.Fields.InFieldNumberOrder().FirstOrDefault());
    }

    public static IEnumerable<string> Names => ContractMethods.OwnFiles.Select(file => file.Package).Where(package => package == "inference" || package.StartsWith("appliance.", StringComparison.Ordinal));

    public string Name { get; }

    public IReadOnlyList<MessageDescriptor> Messages { get; }

    /// <summary>The lines that a new field or enum value wants.</summary>
    public IEnumerable<string> MissingLines() =>
    [
        .. _fields.Where(entry => _file.Find(entry.Key) is null).Select(entry => $"{entry.Key} {Convert.ToHexStringLower(_filler.With(entry.Value).ToByteArray())}"),
        .. _enumValues.Where(entry => _file.Find(entry.Key) is null).Select(entry => $"{entry.Key} {entry.Value.Number}"),
    ];

    /// <summary>What is written or read otherwise than it was committed, by name.</summary>
    public IEnumerable<string> Breaks() => _file.Names.Select(Break).OfType<string>();

    /// <summary>Committed bytes of the message's fields in the order of their numbers, the first of each oneof only.</summary>
    public byte[] WholeOf(MessageDescriptor message) =>
    [
        .. message.Fields.InFieldNumberOrder()
            .Where(field => field.RealContainingOneof is not { } choice || choice.Fields.MinBy(member => member.FieldNumber) == field)
            .SelectMany(field => Convert.FromHexString(_file.Find(Short(field.FullName)) ?? "")),
    ];

    private string? Break(string name)
    {
        var committed = _file.Find(name)!;
        if (_enumValues.TryGetValue(name, out var value))
        {
            return committed == $"{value.Number}" ? null : $"{name} is {value.Number}, committed is {committed}: its number changed.";
        }

        if (!_fields.TryGetValue(name, out var field))
        {
            return $"{name} is gone or renamed.";
        }

        var filled = _filler.With(field);
        var written = Convert.ToHexStringLower(filled.ToByteArray());
        return written != committed ? $"{name} = {field.FieldNumber} is written {written}, committed is {committed}: its number or type changed."
            : !field.ContainingType.Parser.ParseFrom(Convert.FromHexString(committed)).Equals(filled) ? $"{name} = {field.FieldNumber} is read otherwise than it was written."
            : null;
    }

    private string Short(string fullName) => fullName[(Name.Length + 1)..];

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message)
        => message.IsMapEntry ? [] : [message, .. message.NestedTypes.SelectMany(WithNested)];
}
