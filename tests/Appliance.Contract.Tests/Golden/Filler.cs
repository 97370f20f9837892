using System.Collections;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Appliance.Contract.Tests.Golden;

/// <summary>Messages filled with values that follow from names alone, so that they outlive every change but a change of the contract.</summary>
/// <param name="firstField">The field that stands for a message where another holds it: a field added later must not change the holder's bytes.</param>
internal sealed class Filler(Func<MessageDescriptor, FieldDescriptor?> firstField)
{
    /// <summary>A message with that one field set, twice where it is repeated.</summary>
    public IMessage With(FieldDescriptor field)
    {
        var message = Empty(field.ContainingType);
        Set(message, field);
        return message;
    }

    public static IMessage Empty(MessageDescriptor type) => type.Parser.ParseFrom([]);

    private void Set(IMessage message, FieldDescriptor field)
    {
        if (field.IsMap)
        {
            var (key, value) = (field.MessageType.FindFieldByName("key"), field.MessageType.FindFieldByName("value"));
            ((IDictionary)field.Accessor.GetValue(message)).Add(Value(key, field.Name), Value(value, field.Name));
        }
        else if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            list.Add(Value(field, field.Name));
            list.Add(Value(field, field.Name));
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, field.Name));
        }
    }

    // Signed numbers are negative and unsigned ones have the highest bit set: so one cannot be read as the other.
    private object Value(FieldDescriptor field, string name) => field.FieldType switch
    {
        FieldType.String => name,
        FieldType.Bytes => ByteString.CopyFromUtf8(name),
        FieldType.Bool => true,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => -(int)(Hash(name) >> 1) - 1,
        FieldType.UInt32 or FieldType.Fixed32 => Hash(name) | 0x8000_0000,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => -((long)Hash(name) << 20) - 1,
        FieldType.UInt64 or FieldType.Fixed64 => Hash(name) | 0x8000_0000_0000_0000,
        FieldType.Double => Hash(name) + 0.5,
        FieldType.Float => (Hash(name) >> 16) + 0.5f,
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, field.EnumType.Values.First(value => value.Number != 0).Number),
        FieldType.Message => Inner(field.MessageType),
        _ => throw new NotSupportedException($"{field.FullName} is of type {field.FieldType}, which proto3 does not have."),
    };

    private IMessage Inner(MessageDescriptor type)
    {
        var message = Empty(type);
        if (firstField(type) is { } field)
        {
            Set(message, field);
        }

        return message;
    }

    // FNV-1a, the same on every machine.
    private static uint Hash(string name) => Encoding.UTF8.GetBytes(name).Aggregate(2166136261u, (hash, part) => unchecked((hash ^ part) * 16777619u));
}
