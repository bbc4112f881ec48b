#include "Bed.h"

Bed::Bed(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Bed>(info) {
    Napi::Object options = info[1].As<Napi::Object>();

    if (options.Has("copies")) {
        copies = options.Get("copies").As<Napi::Number>().Int32Value();
    }

    if (options.Has("ink")) {
        const auto ink = options.Get("ink");

        if (ink.IsString() && ink.As<Napi::String>().Utf8Value() == "auto") {
            automatic = true;
        } else {
            name = ink.As<Napi::String>().Utf8Value();
        }
    }

    if (options.Has("wet") && options.Get("wet").As<Napi::Boolean>().Value()) {
        mode = WET;
    } else if (options.Has("dry") && options.Get("dry").As<Napi::Boolean>().Value()) {
        mode = DRY;
    }

    if (options.Has("left")) {
        right = options.Has("right")
            ? options.Get("right").As<Napi::Number>().FloatValue()
            : 1.0f;
    }
}

void Bed::Init(Napi::Object exports) {
    exports.Set(
        "Bed",
        DefineClass(
            exports.Env(),
            "Bed",
            {
                InstanceMethod("fill", &Bed::Fill),
            }
        )
    );
}

Napi::Value Bed::Fill(const Napi::CallbackInfo& info) {
    int32_t amount = info[0].As<Napi::Number>().Int32Value();
    Napi::Array colours = info[1].As<Napi::Array>();
    return info.Env().Undefined();
}
